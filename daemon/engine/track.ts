import { because, judgeOrphan, judgeRun, lookAgainMs, type RuleName, type Verdict } from '../../lib/core/index.ts';
import { type CloudPort, CloudUnavailable, isShutOut } from '../ports/cloud.ts';
import type { OpenRun } from '../ports/run-ledger.ts';
import { type BackupsDeps, type Reading, readBackups, withOwners } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createPoke } from './poke.ts';
import { inPool } from './pool.ts';

const PROJECTS_AT_ONCE = 4;
const IDLE_MS = 30_000;

export interface TrackDeps extends BackupsDeps {
  readonly guard: ClockGuard;
  /** Told of what an admin alone may read. */
  readonly seeStuck: (reading: Omit<Reading, 'askedUtc'>) => Promise<void>;
  /** Told when a run ended: a place is free. */
  readonly onEnded: () => void;
}

export interface Track {
  poke(): void;
  loop(signal: AbortSignal): Promise<void>;
}

const AFTER_A_DAY: ReadonlySet<RuleName> = new Set(['outcome-unknown', 'instance-gone']);

type Show = CloudPort['backup'];

/** A complete list of a project's backups, and how to ask for one that it lacks. */
interface Seen extends Pick<Reading, 'backups' | 'odd'> {
  readonly show: Show;
}

const factsOf = (run: OpenRun) => ({
  run: run.id,
  instance: run.instanceId,
  project: run.projectId,
  slot: new Date(run.slotUtc).toISOString(),
});

/** Follows what was asked for to its end: one list a project a round, adopting what carries an open run's marker. */
export function createTrack(deps: TrackDeps): Track {
  const { cloud, ledger, clock, log, guard } = deps;
  const wake = createPoke(clock);
  /** When to look at a project again, by the monotonic clock. Not kept over a restart: then all are looked at. */
  const nextLookMs = new Map<string, number>();

  async function end(run: OpenRun, verdict: Extract<Verdict, { kind: 'end' }>): Promise<void> {
    // A day is not over because a clock says so that is wrong.
    if (AFTER_A_DAY.has(verdict.because.rule) && guard.doubt() !== null) return;
    const { state, backupId, because: reason } = verdict;
    if (!(await ledger.end(run.id, { state, because: reason, backupId }, clock.nowUtc()))) return;
    const facts = { ...factsOf(run), backup: backupId, because: reason };
    if (state === 'completed') log.info('run.completed', facts);
    else log.warn(`run.${state}`, facts);
    deps.onEnded();
  }

  async function lookForOne(run: OpenRun, backupId: string, show: Show, signal: AbortSignal): Promise<void> {
    if ((await show(run.projectId, backupId, signal)) !== null) return;
    await end(run, {
      kind: 'end',
      state: 'aborted',
      backupId,
      because: because('backup-vanished', { backup: backupId }),
    });
  }

  async function endOrphan(run: OpenRun): Promise<void> {
    const verdict = judgeOrphan(run, clock.nowUtc());
    if (verdict?.kind === 'end') await end(run, verdict);
  }

  async function act(run: OpenRun, seen: Seen, signal: AbortSignal): Promise<void> {
    const verdict = judgeRun(run, seen.backups, clock.nowUtc());
    if (verdict.kind === 'end') return end(run, verdict);
    if (verdict.kind === 'look') {
      // It is there, though nobody can read how it is.
      const isOdd = seen.odd.some(({ id }) => id === null || id === verdict.backupId);
      return isOdd ? endOrphan(run) : lookForOne(run, verdict.backupId, seen.show, signal);
    }
    if (verdict.kind !== 'adopt') return;
    const { backupId } = verdict;
    if (!(await ledger.adopt(run.id, backupId, because('adopted', { backup: backupId }), clock.nowUtc()))) return;
    log.info('run.adopted', { ...factsOf(run), backup: backupId });
    await act({ ...run, state: 'running', backupId }, seen, signal);
  }

  /** Whoever shuts us out is looked into as admin; nothing is pruned or built upon there, so nothing else is told. */
  async function look(projectId: string, signal: AbortSignal): Promise<Seen> {
    try {
      return { ...(await readBackups(deps, projectId, null, signal)), show: cloud.backup };
    } catch (error) {
      if (!(error instanceof CloudUnavailable && isShutOut(error))) throw error;
      const { onOdd, rows: odd } = deps.oddRows.listen();
      const backups = await withOwners(deps, await cloud.backupsAsAdmin(projectId, signal, onOdd));
      await deps.seeStuck({ projectId, instanceId: null, backups, odd });
      return { backups, odd, show: cloud.backupAsAdmin };
    }
  }

  /** A project may stay unreadable for good: what is looked for in vain for a day ends here as well. */
  async function giveUp(run: OpenRun, signal: AbortSignal): Promise<void> {
    if (run.state === 'unknown') return act(run, { backups: [], odd: [], show: cloud.backup }, signal);
    await endOrphan(run);
  }

  async function lookAtProject(projectId: string, runs: readonly OpenRun[], signal: AbortSignal): Promise<void> {
    const nowUtc = clock.nowUtc();
    const youngest = Math.min(...runs.map(({ intentUtc }) => nowUtc - intentUtc));
    let againMs = lookAgainMs(youngest);
    try {
      const seen = await look(projectId, signal);
      for (const run of runs) await act(run, seen, signal);
    } catch (error) {
      if (!(error instanceof CloudUnavailable)) throw error;
      againMs = error.retryAfterMs ?? againMs * 2;
      log.warn('track.failed', { project: projectId, because: error.reason, retryMs: againMs });
      for (const run of runs) await giveUp(run, signal);
    }
    nextLookMs.set(projectId, clock.monotonicMs() + againMs);
  }

  /** Returns when the next project is to be looked at. */
  async function round(signal: AbortSignal): Promise<number> {
    const byProject = Map.groupBy(await ledger.openRuns(), ({ projectId }) => projectId);
    for (const projectId of nextLookMs.keys()) if (!byProject.has(projectId)) nextLookMs.delete(projectId);
    const due = [...byProject].filter(([projectId]) => (nextLookMs.get(projectId) ?? 0) <= clock.monotonicMs());
    await inPool(due, PROJECTS_AT_ONCE, ([projectId, runs]) => lookAtProject(projectId, runs, signal));
    const soonestMs = Math.min(...nextLookMs.values()) - clock.monotonicMs();
    return clock.nowUtc() + Math.max(0, Math.min(IDLE_MS, soonestMs));
  }

  return {
    poke: () => wake.poke(),
    async loop(signal) {
      for (;;) await wake.wait(await round(signal), signal);
    },
  };
}
