import type { DurationMs, Reason } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Between two DELETEs of an instance. */
const PACE_MS = 5_000;
/** Until a project may have its turn free: slots that come in step with longer pauses would take it each time. */
const TURN_MS = 500;
/** What was sent is looked for soon, what is blocked is tried again later; both ever more rarely. */
const LOOK_MS = 2_000;
const BLOCKED_MS = 60_000;
const LONGEST_MS = 60 * 60_000;

/** An instance of which something is to go. */
export interface Place {
  readonly instanceId: string;
  readonly projectId: string;
  /** What it waits for, and how often it was looked at for that. */
  readonly phase: Phase | null;
  readonly tries: number;
  /** Whether it waits for something that may end at any moment, and not for a time that was told. */
  readonly mayHasten: boolean;
  /** When it was looked at, and when it is again; by the monotonic clock. */
  readonly lookedMs: number;
  readonly atMs: number;
}
type Phase = 'blocked' | 'sent';

export interface Waits {
  readonly phase: Phase;
  /** It begins to wait now. */
  readonly isNew?: boolean;
  readonly because?: Reason;
  readonly backup?: string;
  /** In place of its own patience. */
  readonly afterMs?: number | null;
}

/** What follows a look at an instance: nothing, another look soon, one as soon as it may be its project's turn, or later and ever more rarely. */
export type Next = 'done' | 'more' | 'turn' | Waits;

/** Who is looked at next, and when. Not kept over a restart: then each is looked at once. */
export interface Places {
  /** False where it is known already. */
  add(instanceId: string, projectId: string): boolean;
  due(): readonly Place[];
  /** What is blocked in these projects is looked at as soon as its first patience ends. Whether any is. */
  hasten(projectIds: ReadonlySet<string>): boolean;
  /** What is blocked is looked at now, whatever its patience. */
  retry(): void;
  /** Whether anything of the project goes that nothing is known to forbid. */
  isGoing(projectId: string): boolean;
  follow(place: Place, next: Next): void;
  /** Until the next is due. */
  soonestMs(): DurationMs;
}

export function createPlaces({ clock, log }: { readonly clock: Clock; readonly log: Log }): Places {
  const places = new Map<string, Place>();
  function put(place: Omit<Place, 'lookedMs' | 'atMs'>, inMs: DurationMs): void {
    const lookedMs = clock.monotonicMs();
    places.set(place.instanceId, { ...place, lookedMs, atMs: lookedMs + inMs });
  }
  const again = ({ instanceId, projectId }: Pick<Place, 'instanceId' | 'projectId'>, inMs: DurationMs): void =>
    put({ instanceId, projectId, phase: null, tries: 0, mayHasten: false }, inMs);

  function wait(place: Place, { phase, isNew = false, because, backup, afterMs = null }: Waits): void {
    const tries = phase === place.phase && !isNew ? place.tries + 1 : 0;
    const retryMs = afterMs ?? Math.min(LONGEST_MS, (phase === 'sent' ? LOOK_MS : BLOCKED_MS) * 2 ** tries);
    put({ ...place, phase, tries, mayHasten: phase === 'blocked' && afterMs === null }, retryMs);
    const { instanceId: instance, projectId: project } = place;
    if (because) log.warn('prune.blocked', { backup, instance, project, because, retryMs });
  }

  return {
    add(instanceId, projectId) {
      if (places.has(instanceId)) return false;
      again({ instanceId, projectId }, 0);
      return true;
    },
    due: () => [...places.values()].filter(({ atMs }) => atMs <= clock.monotonicMs()),
    hasten(projectIds) {
      const waiting = [...places.values()].filter((place) => place.mayHasten && projectIds.has(place.projectId));
      for (const place of waiting) {
        places.set(place.instanceId, { ...place, atMs: Math.min(place.atMs, place.lookedMs + BLOCKED_MS) });
      }
      return waiting.length > 0;
    },
    retry() {
      const atMs = clock.monotonicMs();
      for (const place of places.values()) if (place.mayHasten) places.set(place.instanceId, { ...place, atMs });
    },
    isGoing: (projectId) =>
      [...places.values()].some((place) => place.projectId === projectId && place.phase !== 'blocked'),
    follow(place, next) {
      if (next === 'done') places.delete(place.instanceId);
      else if (next === 'more') again(place, PACE_MS);
      else if (next === 'turn') again(place, TURN_MS);
      else wait(place, next);
    },
    soonestMs: () => Math.min(...[...places.values()].map(({ atMs }) => atMs)) - clock.monotonicMs(),
  };
}
