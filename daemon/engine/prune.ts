import { because, type DurationMs, type Instant } from '../../lib/core/index.ts';
import { CloudUnavailable } from '../ports/cloud.ts';
import type { Reading } from './backups.ts';
import { seeCascades } from './cascades.ts';
import { createClockGrace } from './clock-grace.ts';
import { createDeletions, type DeletionsDeps } from './deletions.ts';
import { createPoke } from './poke.ts';
import { createPruneOne, type PruneOneDeps } from './prune-one.ts';
import { createPlaces, type Next, type Place, type Waits } from './prune-places.ts';
import { createRetention, type RetentionDeps } from './retention.ts';
import type { Turns } from './turns.ts';

const IDLE_MS = 30_000;

export interface PruneDeps
  extends DeletionsDeps,
    Omit<RetentionDeps, 'retention'>,
    Omit<PruneOneDeps, 'deletions' | 'retention'> {
  readonly retention: RetentionDeps['retention'];
  readonly turns: Turns;
}

export interface Prune {
  /** An operator may have mended what forbade it. */
  lookAnew(): void;
  /** Something of these projects was seen to have changed: what it forbade may go now. */
  hasten(projectIds: readonly string[]): void;
  /** What the project's backups go by changed. */
  planAnew(projectId: string): void;
  /** Backups as they were just read: what is to become of them, and does something of them go now? */
  consider(reading: Reading): Promise<void>;
  /** Whether something of the project goes now, for all that is known. */
  isFreeing(projectId: string): boolean;
  loop(signal: AbortSignal): Promise<void>;
}

/** Deletes what is ripe: marked, with its grace at an end, and wanted by nothing still. Leaf first, one at a time. */
export function createPrune(deps: PruneDeps): Prune {
  const { pruning, clock, settings, turns, guard } = deps;
  const deletions = createDeletions(deps);
  const retention = createRetention(deps);
  const pruneOne = createPruneOne({ ...deps, deletions, retention });
  const places = createPlaces(deps);
  const wake = createPoke(clock);
  const clockGrace = createClockGrace(deps);
  guard.onTrust(() => wake.poke());

  /** Nothing is deleted while a store is new, nor for a grace after the clock was wrong. */
  function quiet(): Waits | null {
    const nowUtc = clock.nowUtc();
    const until = (afterMs: DurationMs, reason: 'quarantine' | 'clock-was-wrong'): Waits | null =>
      afterMs > 0 ? { phase: 'blocked', because: because(reason, { untilUtc: nowUtc + afterMs }), afterMs } : null;
    return (
      until(deps.storeBornUtc() + settings().quarantineMs - nowUtc, 'quarantine') ??
      until(clockGrace.leftMs(), 'clock-was-wrong')
    );
  }

  async function lookAt(place: Place, signal: AbortSignal): Promise<Next> {
    const { instanceId, projectId } = place;
    const waiting = await deletions.underWay(instanceId, signal);
    const waits = quiet();
    if (waits) return waits;
    if (!turns.take(projectId)) return 'turn';
    try {
      return await pruneOne(place, waiting, signal);
    } finally {
      turns.give(projectId);
    }
  }

  async function visit(place: Place, signal: AbortSignal): Promise<void> {
    const next = await lookAt(place, signal).catch((error: unknown): Next => {
      if (!(error instanceof CloudUnavailable)) throw error;
      return { phase: 'blocked', because: error.reason, afterMs: error.retryAfterMs };
    });
    places.follow(place, next);
  }

  /** Returns when to look again. */
  async function round(signal: AbortSignal): Promise<Instant> {
    // How long a DELETE is under way is told by the time as well. That it is doubtful has been said.
    if (!(await clockGrace.look())) return clock.nowUtc() + IDLE_MS;
    for (const { instanceId, projectId } of await pruning.openDeletions()) places.add(instanceId, projectId);
    for (const place of places.due()) if (guard.doubt() === null) await visit(place, signal);
    return clock.nowUtc() + Math.max(0, Math.min(IDLE_MS, places.soonestMs()));
  }

  return {
    lookAnew() {
      places.retry();
      wake.poke();
    },
    hasten(projectIds) {
      if (places.hasten(new Set(projectIds))) wake.poke();
    },
    planAnew: retention.planAnew,
    async consider(reading) {
      await seeCascades(pruning, reading);
      for (const instanceId of await retention.plan(reading)) {
        if (places.add(instanceId, reading.projectId)) wake.poke();
      }
    },
    isFreeing: (projectId) => guard.doubt() === null && quiet() === null && places.isGoing(projectId),
    async loop(signal) {
      for (;;) await wake.wait(await round(signal), signal);
    },
  };
}
