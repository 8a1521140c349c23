import { because, judgeRun, lookAgainMs, type OwnedBackup, type Verdict } from '../../lib/core/index.ts';
import { CloudUnavailable } from '../ports/cloud.ts';
import type { OpenRun } from '../ports/run-ledger.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createPoke } from './poke.ts';

const PROJECTS_AT_ONCE = 4;
const IDLE_MS = 30_000;

export interface TrackDeps extends BackupsDeps {
  readonly guard: ClockGuard;
  /** Told when a run ended: a place is free. */
  readonly onEnded: () => void;
}

export interface Track {
  poke(): void;
  loop(signal: AbortSignal): Promise<void>;
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
    const { state, backupId, because: reason } = verdict;
    if (!(await ledger.end(run.id, { state, because: reason, backupId }, clock.nowUtc()))) return;
    const facts = { ...factsOf(run), backup: backupId, because: reason };
    if (state === 'completed') log.info('run.completed', facts);
    else log.warn(`run.${state}`, facts);
    deps.onEnded();
  }

  async function lookForOne(run: OpenRun, backupId: string, signal: AbortSignal): Promise<void> {
    if ((await cloud.backup(run.projectId, backupId, signal)) !== null) return;
    await end(run, {
      kind: 'end',
      state: 'aborted',
      backupId,
      because: because('backup-vanished', { backup: backupId }),
    });
  }

  async function act(run: OpenRun, backups: readonly OwnedBackup[], signal: AbortSignal): Promise<void> {
    const verdict = judgeRun(run, backups, clock.nowUtc());
    // A day is not over because a clock says so that is wrong.
    if (verdict.kind === 'end' && verdict.because.rule === 'outcome-unknown' && guard.doubt() !== null) return;
    if (verdict.kind === 'end') return end(run, verdict);
    if (verdict.kind === 'look') return lookForOne(run, verdict.backupId, signal);
    if (verdict.kind !== 'adopt') return;
    const { backupId } = verdict;
    if (!(await ledger.adopt(run.id, backupId, because('adopted', { backup: backupId }), clock.nowUtc()))) return;
    log.info('run.adopted', { ...factsOf(run), backup: backupId });
    await act({ ...run, state: 'running', backupId }, backups, signal);
  }

  async function lookAtProject(projectId: string, runs: readonly OpenRun[], signal: AbortSignal): Promise<void> {
    const nowUtc = clock.nowUtc();
    const youngest = Math.min(...runs.map(({ intentUtc }) => nowUtc - intentUtc));
    let againMs = lookAgainMs(youngest);
    try {
      const backups = await readBackups(deps, projectId, null, signal);
      for (const run of runs) await act(run, backups, signal);
    } catch (error) {
      if (!(error instanceof CloudUnavailable)) throw error;
      againMs = error.retryAfterMs ?? againMs * 2;
      log.warn('track.failed', { project: projectId, because: error.reason, retryMs: againMs });
      // A project may stay closed to us for good: what is looked for in vain for a day ends here as well.
      for (const run of runs) if (run.state === 'unknown') await act(run, [], signal);
    }
    nextLookMs.set(projectId, clock.monotonicMs() + againMs);
  }

  /** Returns when the next project is to be looked at. */
  async function round(signal: AbortSignal): Promise<number> {
    const byProject = Map.groupBy(await ledger.openRuns(), ({ projectId }) => projectId);
    for (const projectId of nextLookMs.keys()) if (!byProject.has(projectId)) nextLookMs.delete(projectId);
    const due = [...byProject].filter(([projectId]) => (nextLookMs.get(projectId) ?? 0) <= clock.monotonicMs());
    for (let from = 0; from < due.length; from += PROJECTS_AT_ONCE) {
      const some = due.slice(from, from + PROJECTS_AT_ONCE);
      await Promise.all(some.map(([projectId, runs]) => lookAtProject(projectId, runs, signal)));
    }
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
