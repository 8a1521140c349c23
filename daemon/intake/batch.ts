import type { Note } from '../ports/notes.ts';
import type { Because, Reading } from './message.ts';

export interface Dead<M> {
  readonly message: M;
  readonly because: Because;
}

/** Messages that become durable together, in the order they came. */
export interface Group<M> {
  /** An acknowledgement of it covers the group. */
  readonly last: M;
  readonly size: number;
  readonly notes: readonly Note[];
  /** Ids of backups that somebody deleted. */
  readonly deletions: readonly string[];
  readonly dead: readonly Dead<M>[];
}

export interface Batch<M> {
  add(message: M, reading: Reading): void;
  /** Resolves when everything added so far is settled. */
  flush(): Promise<void>;
}

/**
 * Groups messages so that one transaction makes many durable.
 * @param options.settle makes the group durable and only then acknowledges it
 */
export function createBatch<M>(options: {
  readonly settle: (group: Group<M>) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}): Batch<M> {
  let waiting: { last: M; size: number; notes: Note[]; deletions: string[]; dead: Dead<M>[] } | null = null;
  let working: Promise<void> | null = null;
  /** After a fault nothing is taken: an acknowledgement covers all before it, what was not stored as well. */
  let broken = false;

  async function drain(): Promise<void> {
    // One turn of the loop: all messages that one read of the socket brought go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting) {
      const group = waiting;
      waiting = null;
      await options.settle(group);
    }
  }

  return {
    add(message, reading) {
      if (broken) return;
      waiting ??= { last: message, size: 0, notes: [], deletions: [], dead: [] };
      waiting.last = message;
      waiting.size++;
      if (reading.kind === 'note') waiting.notes.push(reading.note);
      else if (reading.kind === 'deletion') waiting.deletions.push(reading.backupId);
      else if (reading.kind === 'refused') waiting.dead.push({ message, because: reading.because });
      working ??= drain()
        .catch((error: unknown) => {
          broken = true;
          options.onFault(error);
        })
        .finally(() => {
          working = null;
        });
    },
    flush: async () => {
      while (working) await working;
    },
  };
}
