import { parseNotification } from '../../lib/notifications/index.ts';
import type { Note } from '../ports/notes.ts';

/** A message as it came, or null for a message that says nothing of use to us. */
export type Reading =
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly because: unknown };

/** After these the API has something new to say about an instance. */
const OF_USE: ReadonlySet<string> = new Set(['instance.created', 'instance.deleted', 'instance.changed']);

/** As Trove and Keystone write them. Anyone may forge a message, and what it names is stored and asked for. */
const ID = /^[\w-]{1,64}$/;

export function readMessage(body: Uint8Array): Reading {
  const parsed = parseNotification(body);
  if (parsed.kind === 'refused') return { kind: 'refused', because: parsed.reason };
  const { type, instanceId, projectId } = parsed.event;
  if (!OF_USE.has(type) || !instanceId || !projectId) return { kind: 'ignored' };
  for (const [field, id] of Object.entries({ instance_id: instanceId, tenant_id: projectId })) {
    if (!ID.test(id))
      return { kind: 'refused', because: { rule: 'wrong-field', params: { field, expected: 'an id' } } };
  }
  return { kind: 'note', note: { instanceId, projectId } };
}

export interface Batch<M> {
  add(message: M, note: Note | null): void;
  /** Resolves when everything added so far is durable and acknowledged. */
  flush(): Promise<void>;
}

/**
 * Groups messages so that one transaction makes many durable. Messages are acknowledged after it, never before, and
 * in the order they came, so that one acknowledgement covers the group.
 */
export function createBatch<M>(options: {
  readonly store: (notes: readonly Note[]) => Promise<void>;
  readonly acknowledgeUpTo: (message: M) => void;
  readonly onFault: (error: unknown) => void;
}): Batch<M> {
  let waiting: { last: M; notes: Note[] } | null = null;
  let working: Promise<void> | null = null;
  /** After a fault nothing is taken: an acknowledgement covers all before it, what was not stored as well. */
  let broken = false;

  async function drain(): Promise<void> {
    // One turn of the loop: all messages that one read of the socket brought go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting) {
      const { last, notes } = waiting;
      waiting = null;
      if (notes.length > 0) await options.store(notes);
      options.acknowledgeUpTo(last);
    }
  }

  return {
    add(message, note) {
      if (broken) return;
      waiting = { last: message, notes: waiting?.notes ?? [] };
      if (note) waiting.notes.push(note);
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
