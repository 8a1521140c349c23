import { readFileSync } from 'node:fs';
import { type NotificationEvent, type ParseResult, parseNotification } from '../../lib/notifications/index.ts';

/** A message of a real region, as the broker handed it out. */
export interface Captured {
  readonly set: string;
  readonly body: string;
}

const FILE = new URL('../fixtures/captures/notifications.jsonl', import.meta.url);

export const CAPTURED: readonly Captured[] = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

export function eventOf(result: ParseResult): NotificationEvent {
  if (result.kind === 'event') return result.event;
  throw new Error(`refused: ${JSON.stringify(result.reason)}`);
}

export const events = CAPTURED.map(({ set, body }) => ({ set, event: eventOf(parseNotification(body)) }));
