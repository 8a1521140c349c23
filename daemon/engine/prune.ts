import {
  because,
  type DeletionScene,
  type DurationMs,
  deletionBlocked,
  type Instant,
  type ManagedBackup,
  type Reason,
} from '../../lib/core/index.ts';
import { CloudUnavailable, type OddRow, type Relation } from '../ports/cloud.ts';
import { type BackupsDeps, type Reading, withOwners } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createDeletions, type DeletionsDeps, type Sent } from './deletions.ts';
import { oddReason } from './odd-rows.ts';
import { createPoke } from './poke.ts';
import { createRetention, type RetentionDeps } from './retention.ts';
import type { Settings } from './settings.ts';
import type { Turns } from './turns.ts';

const IDLE_MS = 30_000;
/** Between two DELETEs of an instance. */
const PACE_MS = 5_000;
/** Until a project may have its turn free: slots that come in step with longer pauses would take it each time. */
const TURN_MS = 500;
/** What was sent is looked for soon, what is blocked is tried again later; both ever more rarely. */
const LOOK_MS = 2_000;
const BLOCKED_MS = 60_000;
const LONGEST_MS = 60 * 60_000;

export interface PruneDeps extends DeletionsDeps, RetentionDeps, Omit<BackupsDeps, 'onBackups'> {
  readonly settings: Settings;
  readonly turns: Turns;
  readonly guard: ClockGuard;
}

export interface Prune {
  /** Backups as they were just read: what is to become of them, and does something of them go now? */
  consider(reading: Reading): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
}

/** An instance of which something is to go. */
interface Place {
  readonly instanceId: string;
  readonly projectId: string;
  /** What it waits for, and how often it was looked at for that. */
  readonly phase: Phase | null;
  readonly tries: number;
  /** By the monotonic clock. */
  readonly atMs: number;
}
type Phase = 'blocked' | 'sent';

interface Held {
  readonly phase: Phase;
  /** It begins to wait now. */
  readonly isNew?: boolean;
  readonly because?: Reason;
  readonly backup?: string;
  readonly afterMs?: number | null;
}

/** What follows a look at an instance: nothing, another look soon, one as soon as it may be its project's turn, or later and ever more rarely. */
type Next = 'done' | 'more' | 'turn' | Held;

/** While a DELETE is on its way its place stays. */
const idle = (waiting: ReadonlySet<string>): Next => (waiting.size > 0 ? { phase: 'sent' } : 'done');

function after(sent: Sent, backup: string): Next {
  switch (sent.kind) {
    case 'accepted':
      return { phase: 'sent', isNew: true };
    case 'lost':
      return { phase: 'sent', isNew: true, because: sent.because, backup };
    case 'refused':
      return { phase: 'blocked', because: sent.because, backup, afterMs: sent.retryAfterMs };
    case 'gone':
      return 'more';
  }
}

/** It may be of the backup's project or instance, or stand on it: what cannot be read of it may be anything. */
function mayBeBound(row: OddRow, { id, projectId, instanceId }: ManagedBackup): boolean {
  if (row.projectId === null || row.projectId === projectId || row.kind === 'instance') return true;
  const mayBe = (field: 'parentId' | 'instanceId', known: string | null) => !(field in row) || row[field] === known;
  return mayBe('parentId', id) || mayBe('instanceId', instanceId);
}

/**
 * Deletes what is ripe: marked, with its grace at an end, and wanted by nothing still. Leaf first, one at a time, each right
 * after a look at the whole region, which is all that it is read for.
 */
export function createPrune(deps: PruneDeps): Prune {
  const { cloud, pruning, clock, log, settings, turns, guard } = deps;
  const deletions = createDeletions(deps);
  const retention = createRetention(deps);
  const places = new Map<string, Place>();
  const wake = createPoke(clock);
  /** When the clock became right that had been wrong. */
  let trustedMs = Number.NEGATIVE_INFINITY;
  guard.onTrust((wasWrong) => {
    if (wasWrong) trustedMs = clock.monotonicMs();
  });

  /** False where it is known already. */
  function add(instanceId: string, projectId: string): boolean {
    if (places.has(instanceId)) return false;
    places.set(instanceId, { instanceId, projectId, phase: null, tries: 0, atMs: clock.monotonicMs() });
    return true;
  }

  type Seen = Pick<DeletionScene, 'region' | 'ofInstance' | 'instances'>;
  const forbids = (backup: ManagedBackup, seen: Seen): Reason | null =>
    guard.doubt() ?? deletionBlocked({ ...seen, backup, nowUtc: clock.nowUtc(), observe: settings().observe });

  /** All that was true when it was chosen must be so still: a token, or a place in the budget, may have been long in coming. */
  async function lastLook({ id, projectId }: ManagedBackup, instanceId: string, signal: AbortSignal) {
    const { onOdd, rows: odd } = deps.oddRows.listen();
    const instances = await cloud.projectInstances(projectId, signal, onOdd);
    // Last of all that is read, since a child may be made at any moment.
    const keep = (row: Relation): boolean => row.instanceId === instanceId || row.parentId === id;
    const region = await cloud.regionBackups(keep, signal, onOdd);
    const ofInstance = await withOwners(
      deps,
      region.filter((row) => row.instanceId === instanceId),
    );
    const elsewhere = region.filter((row) => row.instanceId !== instanceId);
    const decision = await retention.decide({ instanceId, projectId }, ofInstance, elsewhere);
    const fate = decision?.fates.get(id);
    if (fate?.kind === 'blocked') return fate.because;
    const still = decision?.step.ripe.find(({ backup }) => backup.id === id);
    if (!still) return because('unwanted-no-more', {});
    const mayNeed = odd.filter((row) => mayBeBound(row, still.backup));
    return oddReason(mayNeed) ?? forbids(still.backup, { region, ofInstance, instances });
  }

  /** In the project's turn. What its own lists forbid already needs no look at the region. */
  async function pruneOne({ instanceId, projectId }: Place, waiting: ReadonlySet<string>, signal: AbortSignal) {
    const { onOdd, rows: odd } = deps.oddRows.listen();
    const ofInstance = await withOwners(deps, await cloud.backups(projectId, instanceId, signal, onOdd));
    const decision = await retention.decide({ instanceId, projectId }, ofInstance, []);
    const next = decision?.step.ripe.find(({ backup }) => !waiting.has(backup.id));
    if (!next) return idle(waiting);
    const { backup } = next;
    const instances = await cloud.projectInstances(projectId, signal, onOdd);
    const blocked = oddReason(odd) ?? forbids(backup, { region: ofInstance, ofInstance, instances });
    if (blocked) return { phase: 'blocked', because: blocked, backup: backup.id } as const;
    const look = () => lastLook(backup, instanceId, signal);
    return after(await deletions.send(next, instanceId, look, signal), backup.id);
  }

  /** Nothing is deleted while a store is new, nor for a grace after the clock was wrong. */
  function quiet(): Held | null {
    const nowUtc = clock.nowUtc();
    const until = (afterMs: DurationMs, reason: 'quarantine' | 'clock-was-wrong'): Held | null =>
      afterMs > 0 ? { phase: 'blocked', because: because(reason, { untilUtc: nowUtc + afterMs }), afterMs } : null;
    return (
      until(deps.storeBornUtc() + settings().quarantineMs - nowUtc, 'quarantine') ??
      until(trustedMs + settings().graceMs - clock.monotonicMs(), 'clock-was-wrong')
    );
  }

  async function lookAt(place: Place, signal: AbortSignal): Promise<Next> {
    const { instanceId, projectId } = place;
    // How long a DELETE is under way is told by the time as well. That it is doubtful has been said.
    if (guard.doubt() !== null) return { phase: 'blocked', afterMs: BLOCKED_MS };
    const waiting = await deletions.underWay(instanceId, signal);
    const hold = quiet();
    if (hold) return hold;
    if (!turns.take(projectId)) return 'turn';
    try {
      return await pruneOne(place, waiting, signal);
    } finally {
      turns.give(projectId);
    }
  }

  function hold(place: Place, { phase, isNew = false, because, backup, afterMs = null }: Held): void {
    const tries = phase === place.phase && !isNew ? place.tries + 1 : 0;
    const backOffMs = Math.min(LONGEST_MS, (phase === 'sent' ? LOOK_MS : BLOCKED_MS) * 2 ** tries);
    const retryMs = afterMs ?? backOffMs;
    places.set(place.instanceId, { ...place, phase, tries, atMs: clock.monotonicMs() + retryMs });
    const { instanceId: instance, projectId: project } = place;
    if (because) log.warn('prune.blocked', { backup, instance, project, because, retryMs });
  }

  async function visit(place: Place, signal: AbortSignal): Promise<void> {
    const next = await lookAt(place, signal).catch((error: unknown): Next => {
      if (!(error instanceof CloudUnavailable)) throw error;
      return { phase: 'blocked', because: error.reason, afterMs: error.retryAfterMs };
    });
    const again = (ms: DurationMs): void =>
      void places.set(place.instanceId, { ...place, phase: null, tries: 0, atMs: clock.monotonicMs() + ms });
    if (next === 'done') places.delete(place.instanceId);
    else if (next === 'more') again(PACE_MS);
    else if (next === 'turn') again(TURN_MS);
    else hold(place, next);
  }

  /** Returns when to look again. */
  async function round(signal: AbortSignal): Promise<Instant> {
    for (const { instanceId, projectId } of await pruning.openDeletions()) add(instanceId, projectId);
    for (const place of [...places.values()]) {
      if (place.atMs <= clock.monotonicMs()) await visit(place, signal);
    }
    const soonestMs = Math.min(...[...places.values()].map(({ atMs }) => atMs)) - clock.monotonicMs();
    return clock.nowUtc() + Math.max(0, Math.min(IDLE_MS, soonestMs));
  }

  return {
    async consider(reading) {
      for (const instanceId of await retention.plan(reading)) {
        if (add(instanceId, reading.projectId)) wake.poke();
      }
    },
    async loop(signal) {
      for (;;) await wake.wait(await round(signal), signal);
    },
  };
}
