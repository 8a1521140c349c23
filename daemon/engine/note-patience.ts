import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Note } from '../ports/notes.ts';

const FIRST_MS: DurationMs = 2_000;
const LONGEST_MS: DurationMs = 10 * 60_000;

/** When to look again at what could not be looked at: ever more rarely, each note by itself. */
export interface NotePatience {
  /** Asked of every note there is, in each round. */
  isDue(note: Note): boolean;
  failed(note: Note): void;
  /** Every note was asked after; what was not is none any more. How long until the next is due, null if none waits. */
  endRound(): DurationMs | null;
}

interface Wait {
  readonly ms: DurationMs;
  readonly untilMs: number;
}

const keyOf = ({ projectId, instanceId }: Note): string => `${projectId} ${instanceId}`;

/** Not kept over a restart: then each is looked at once. */
export function createNotePatience(clock: Clock): NotePatience {
  const waits = new Map<string, Wait>();
  let held = new Set<string>();
  return {
    isDue(note) {
      const key = keyOf(note);
      if ((waits.get(key)?.untilMs ?? 0) <= clock.monotonicMs()) return true;
      held.add(key);
      return false;
    },
    failed(note) {
      const key = keyOf(note);
      const before = waits.get(key);
      const ms = before ? Math.min(LONGEST_MS, before.ms * 2) : FIRST_MS;
      waits.set(key, { ms, untilMs: clock.monotonicMs() + ms });
      held.add(key);
    },
    endRound() {
      for (const key of waits.keys()) if (!held.has(key)) waits.delete(key);
      held = new Set();
      if (waits.size === 0) return null;
      let soonestMs = Number.POSITIVE_INFINITY;
      for (const { untilMs } of waits.values()) soonestMs = Math.min(soonestMs, untilMs);
      return Math.max(0, soonestMs - clock.monotonicMs());
    },
  };
}
