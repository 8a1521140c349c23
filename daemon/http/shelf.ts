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
  readonly answer: Promise<unknown>;
  readonly bornMs: number;
  /** As it was asked for last, and when. */
  question: Question<unknown>;
  askedMs: number;
  /** null while it is not there yet: then anything may change it. */
  isTouched: ((change: Change) => boolean) | null;
  isRenewed: boolean;
}

/**
 * Answers that are given to all who ask the same, until a change that touches them is told. It is to be told when it can be
 * read: what somebody looks at is read at once.
 */
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
    // What failed is asked for anew; those who wait for it are told.
    entry.answer.catch(() => kept.get(name) === entry && kept.delete(name));
  }

  function begin<T>(question: Question<T>, bornMs: number): Kept & { readonly answer: Promise<T> } {
    const { ask, isTouched } = question;
    const answer = ask();
    const about = { question: question as Question<unknown>, bornMs, askedMs: bornMs };
    const entry: Kept & { readonly answer: Promise<T> } = { answer, ...about, isTouched: null, isRenewed: false };
    answer.then(
      (value) => {
        entry.isTouched = (change) => isTouched(value, change);
      },
      () => undefined, // `put` sees to it
    );
    return entry;
  }

  /**
   * Where a change took the old one away meanwhile, the new one may not know of it. What fails fails again where it is
   * waited for.
   */
  function renew(name: string, known: Kept, nowMs: number): void {
    known.isRenewed = true;
    const next = begin(known.question, nowMs);
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
        known.question = question as Question<unknown>;
        known.askedMs = nowMs;
        if (nowMs - known.bornMs >= AHEAD_MS && !known.isRenewed) renew(name, known, nowMs);
        return known.answer as Promise<T>;
      }
      const entry = begin(question, nowMs);
      put(name, entry);
      return entry.answer;
    },
    tell(change) {
      const nowMs = clock.monotonicMs();
      for (const [name, entry] of [...kept]) {
        const { question, isTouched, askedMs } = entry;
        const isOfIt = change.projectId === null || question.scope === null || question.scope === change.projectId;
        if (!isOfIt || isTouched?.(change) === false) continue;
        kept.delete(name);
        // Somebody looks at it. One that was under way is left to who asks next: else each of many changes began another.
        if (isTouched !== null && nowMs - askedMs < AHEAD_MS) put(name, begin(question, askedMs));
      }
    },
  };
}
