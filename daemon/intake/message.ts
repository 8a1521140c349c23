import { type ParseResult, parseNotification } from '../../lib/notifications/index.ts';
import type { Note } from '../ports/notes.ts';

/** Why a message is a dead letter, as data; never a word of the message. */
export interface Because {
  readonly rule: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a message is to us. */
export type Reading =
  | { readonly kind: 'note'; readonly note: Note }
  /** Somebody deleted this backup, it says. */
  | { readonly kind: 'deletion'; readonly backupId: string }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly because: Because };

export type Parse = (body: Uint8Array) => ParseResult;

/** After these the API has something new to say about an instance. */
const OF_USE: ReadonlySet<string> = new Set(['instance.created', 'instance.deleted', 'instance.changed']);

/** As Trove and Keystone write them. Anyone may forge a message, and what it names is stored and asked for. */
const ID = /^[\w-]{1,64}$/;

const IGNORED: Reading = { kind: 'ignored' };

/** Never throws: a message that meets a fault of ours would come again, and end the next session in the same way. */
export function readMessage(body: Uint8Array, parse: Parse = parseNotification): Reading {
  try {
    return read(body, parse);
  } catch (error) {
    return { kind: 'refused', because: { rule: 'fault', params: placeOf(error) } };
  }
}

function read(body: Uint8Array, parse: Parse): Reading {
  const parsed = parse(body);
  if (parsed.kind === 'refused') return { kind: 'refused', because: parsed.reason };
  const { event } = parsed;
  if (event.type === 'backup.deleted') {
    return ID.test(event.backupId) ? { kind: 'deletion', backupId: event.backupId } : noId('backup_id');
  }
  const { type, instanceId, projectId } = event;
  if (!OF_USE.has(type) || !instanceId || !projectId) return IGNORED;
  if (!ID.test(instanceId)) return noId('instance_id');
  if (!ID.test(projectId)) return noId('tenant_id');
  return { kind: 'note', note: { instanceId, projectId } };
}

const noId = (field: string): Reading => ({
  kind: 'refused',
  because: { rule: 'wrong-field', params: { field, expected: 'an id' } },
});

/** Where it happened, without what it says: that may quote the message. */
function placeOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const at = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return { error: error.name, ...(at && { at: at.trim() }) };
}
