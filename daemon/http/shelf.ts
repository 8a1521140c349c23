import type { Clock } from '../ports/clock.ts';
import type { Change } from '../ports/events.ts';

/** What changes and is told to nobody shows this late at most. */
const LASTS_MS = 2_000;
/** One that is still asked for then is written anew while it goes on being given, so that nobody waits for it. */
const AHEAD_MS = 1_000;
/** A page of a thousand instances is 650 kB. */
const MOST = 200;

export interface Question<T> {
  readonly key: readonly unknown[];
  /** Whose rows; null: of all projects. */
  readonly scope: string | null;
  readonly ask: () => Promise<T>;
  /** Whether a change of its scope may change this answer. */
  readonly isTouched: (answer: T, change: Change) => boolean;
}

interface Kept {
  readonly scope: string | null;
  readonly answer: Promise<unknown>;
  readonly bornMs: number;
  /** false while it is not there yet: then anything may change it. */
  stands: (change: Change) => boolean;
  isRenewed: boolean;
}

/** Answers that are given to all who ask the same, until a change that touches them is told. */
export interface Shelf {
  take<T>(question: Question<T>): Promise<T>;
  tell(change: Change): void;
}

export function createShelf(clock: Pick<Clock, 'monotonicMs'>): Shelf {
  const kept = new Map<string, Kept>();

  /** Those that end first were put in first. */
  function makeRoom(nowMs: number): void {
    for (const [name, { bornMs }] of kept) {
      if (nowMs - bornMs < LASTS_MS && kept.size < MOST) return;
      kept.delete(name);
    }
  }

  function put(name: string, entry: Kept): void {
    kept.delete(name);
    makeRoom(entry.bornMs);
    kept.set(name, entry);
  }

  function begin<T>({ scope, ask, isTouched }: Question<T>, bornMs: number): Kept & { answer: Promise<T> } {
    const entry = { scope, answer: ask(), bornMs, stands: (_: Change): boolean => false, isRenewed: false };
    entry.answer.then(
      (answer) => {
        entry.stands = (change) => !isTouched(answer, change);
      },
      () => undefined, // told to those who wait for it
    );
    return entry;
  }

  /** Where a change took the old one away meanwhile, the new one may not know of it. What fails fails again where it is waited for. */
  function renew<T>(name: string, known: Kept, question: Question<T>, nowMs: number): void {
    known.isRenewed = true;
    const next = begin(question, nowMs);
    next.answer.then(
      () => kept.get(name) === known && put(name, next),
      () => undefined,
    );
  }

  return {
    take<T>(question: Question<T>): Promise<T> {
      const name = JSON.stringify(question.key);
      const nowMs = clock.monotonicMs();
      const known = kept.get(name);
      if (known && nowMs - known.bornMs < LASTS_MS) {
        if (nowMs - known.bornMs >= AHEAD_MS && !known.isRenewed) renew(name, known, question, nowMs);
        return known.answer as Promise<T>;
      }
      const entry = begin(question, nowMs);
      put(name, entry);
      entry.answer.catch(() => kept.get(name) === entry && kept.delete(name));
      return entry.answer;
    },
    tell(change) {
      const { projectId } = change;
      for (const [name, { scope, stands }] of kept) {
        const isOfIt = projectId === null || scope === null || scope === projectId;
        if (isOfIt && !stands(change)) kept.delete(name);
      }
    },
  };
}
