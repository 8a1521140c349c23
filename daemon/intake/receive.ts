import type { Channel, ConsumeMessage } from 'amqplib';
import type { Log } from '../ports/log.ts';
import type { NotesPort } from '../ports/notes.ts';
import type { PointsPort } from '../ports/points.ts';
import { createBatch, type Group } from './batch.ts';
import type { DeadLetters } from './dead-letters.ts';
import { type Parse, readMessage } from './message.ts';

export type MessageResult = 'noted' | 'ignored' | 'dead';

export interface ReceiveDeps {
  readonly notes: NotesPort;
  readonly points: Pick<PointsPort, 'suspect'>;
  readonly log: Log;
  /** In place of the library's, where a test wants a fault. */
  readonly parse?: Parse | undefined;
  /** Notes are durable. */
  readonly onNotes: () => void;
  /** Recovery points of ours are said to be deleted; that is durable. */
  readonly onSuspects: () => void;
  /** There were more notes than are kept: the whole region is to be looked at in their place. */
  readonly onOverflow: () => void;
  /** What became of so many messages; all is durable. */
  readonly onMessages: (result: MessageResult, count: number) => void;
}

/** What a channel hands out, made durable and then acknowledged. */
export function createReceiver(deps: ReceiveDeps, channel: Channel, dead: DeadLetters, fail: (error: unknown) => void) {
  async function bury(group: Group<ConsumeMessage>): Promise<void> {
    const [first] = group.dead;
    if (!first) return;
    await dead.bury(group.dead);
    // One line a group: who may forge messages must not fill the log either.
    const facts = { because: first.because, bytes: first.message.content.length, deadLetters: dead.name };
    deps.log.warn('message.refused', { ...facts, count: group.dead.length });
  }

  async function settle(group: Group<ConsumeMessage>): Promise<void> {
    const { notes, deletions, size, last } = group;
    if (deletions.length > 0 && (await deps.points.suspect(deletions))) deps.onSuspects();
    if (notes.length > 0) {
      if ((await deps.notes.note(notes)) === 'overflow') deps.onOverflow();
      else deps.onNotes();
    }
    await bury(group);
    channel.ack(last, true);
    const noted = notes.length + deletions.length;
    deps.onMessages('noted', noted);
    deps.onMessages('dead', group.dead.length);
    deps.onMessages('ignored', size - noted - group.dead.length);
  }

  const batch = createBatch<ConsumeMessage>({ settle, onFault: fail });
  return {
    onMessage(message: ConsumeMessage | null): void {
      if (message) batch.add(message, readMessage(message.content, deps.parse));
      else fail(new Error('the broker cancelled the consumer: was the queue deleted?'));
    },
    flush: batch.flush,
  };
}
