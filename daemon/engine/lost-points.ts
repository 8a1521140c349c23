import { because, type DurationMs, makeUpSlot } from '../../lib/core/index.ts';
import { CloudUnavailable } from '../ports/cloud.ts';
import type { PointsPort, Suspect } from '../ports/points.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { factsOf } from './facts.ts';
import { createPoke } from './poke.ts';

const PAGE = 50;
const IDLE_MS: DurationMs = 10 * 60_000;
const FIRST_AGAIN_MS: DurationMs = 2_000;
/** Trove's word of a deletion may come before the row goes: what is shown after so many looks was not deleted. */
const LOOKS = 4;

export interface LostPointsDeps extends BackupsDeps {
  readonly points: PointsPort;
  readonly guard: ClockGuard;
  /** Told when slots may have changed. */
  readonly onSchedules: () => void;
}

export interface LostPoints {
  poke(): void;
  loop(signal: AbortSignal): Promise<void>;
}

interface Patience {
  readonly looks: number;
  readonly untilMs: number;
}

/**
 * Recovery points that somebody says are gone, or that lack in a list, are asked after one by one: neither a message nor one
 * list is proof. What is gone is told, and made up for.
 */
export function createLostPoints(deps: LostPointsDeps): LostPoints {
  const { cloud, points, clock, log, guard } = deps;
  const wake = createPoke(clock);
  /** Not kept over a restart: then each is looked at once. */
  const waits = new Map<string, Patience>();

  async function lose(suspect: Suspect): Promise<void> {
    const { slotUtc, backupId } = suspect;
    const nowUtc = clock.nowUtc();
    const loss = await points.lost(suspect.runId, ({ policy, ...left }) => makeUpSlot(policy, { nowUtc, ...left }));
    // A user's backup that nothing hangs on any more is nobody's business but his.
    if (!loss || loss.credit === 'past') return;
    const { byUs, byOwner, credit, newestPointUtc, nextSlotUtc } = loss;
    const wasCredit = credit === 'counted';
    const reason = wasCredit
      ? because('credit-vanished', { backup: backupId, slotUtc })
      : because('point-vanished', { slotUtc });
    const newest = newestPointUtc === null ? null : new Date(newestPointUtc).toISOString();
    const lost = { ...factsOf(suspect), backup: backupId, byUs, byOwner, newest, because: reason };
    // What its owner had deleted through us stands in the audit: nobody has to look into it.
    if (byUs || byOwner) log.info(wasCredit ? 'credit.lost' : 'point.lost', lost);
    else log.warn(wasCredit ? 'credit.lost' : 'point.lost', lost);
    if (nextSlotUtc === null) return;
    const { run: _, slot: __, ...facts } = factsOf(suspect);
    log.info('schedule.hastened', { ...facts, nextSlot: new Date(nextSlotUtc).toISOString(), because: reason });
    deps.onSchedules();
  }

  /** True where there is nothing more to learn of it. */
  async function examine(suspect: Suspect, looks: number, read: Set<string>, signal: AbortSignal): Promise<boolean> {
    const { runId, projectId, instanceId, backupId } = suspect;
    if ((await cloud.backup(projectId, backupId, signal)) !== null) {
      if (looks < LOOKS) return false;
      await points.acquit(runId);
      return true;
    }
    // What is left, and what went with it. A list that was read before is as good: the points were gone by then.
    if (!read.has(instanceId)) await readBackups(deps, projectId, instanceId, signal);
    read.add(instanceId);
    // When it is made up for is set by the time.
    if (guard.doubt() !== null) return false;
    await lose(suspect);
    return true;
  }

  async function look(suspect: Suspect, read: Set<string>, signal: AbortSignal): Promise<void> {
    const { runId } = suspect;
    const before = waits.get(runId);
    if (before && before.untilMs > clock.monotonicMs()) return;
    const looks = (before?.looks ?? 0) + 1;
    const settled = await examine(suspect, looks, read, signal).catch((error: unknown) => {
      if (error instanceof CloudUnavailable) return false;
      throw error;
    });
    const untilMs = clock.monotonicMs() + Math.min(IDLE_MS, FIRST_AGAIN_MS * 4 ** (looks - 1));
    if (settled) waits.delete(runId);
    else waits.set(runId, { looks, untilMs });
  }

  /** Looks at all there are, page by page; until when the next of them waits. */
  async function round(signal: AbortSignal): Promise<number> {
    const read = new Set<string>();
    for (let after = ''; ; ) {
      const suspects = await points.suspects(PAGE, after);
      for (const suspect of suspects) await look(suspect, read, signal);
      const last = suspects.at(-1);
      if (!last) break;
      after = last.runId;
    }
    let soonestMs = clock.monotonicMs() + IDLE_MS;
    for (const { untilMs } of waits.values()) soonestMs = Math.min(soonestMs, untilMs);
    return clock.nowUtc() + Math.max(0, soonestMs - clock.monotonicMs());
  }

  return {
    poke: () => wake.poke(),
    async loop(signal) {
      for (;;) await wake.wait(await round(signal), signal);
    },
  };
}
