import { classify, type Fields } from './classify.ts';
import type { NotificationEvent, ParseResult } from './event.ts';
import {
  asObject,
  asOptionalText,
  asText,
  asUtc,
  type JsonObject,
  Refused,
  readObject,
  readText,
  wrong,
} from './read.ts';

export interface ParseOptions {
  /** Default 1 MiB. */
  readonly maxBytes?: number | undefined;
}

/** The event of a message body, or why it is none. Never throws, whatever the body is. */
export function parseNotification(body: string | Uint8Array, options: ParseOptions = {}): ParseResult {
  const { maxBytes = 2 ** 20 } = options;
  try {
    const message = unwrap(readObject(readText(body, maxBytes), 'body'));
    return { kind: 'event', event: toEvent(readFields(message)) };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.reason };
    throw error;
  }
}

/** Driver `messagingv2` puts the message as text into an envelope (oslo_messaging/_drivers/common.py); `messaging` does not. */
function unwrap(body: JsonObject): JsonObject {
  const inner = body['oslo.message'];
  if (inner === undefined) return body;
  if (typeof inner !== 'string') throw wrong('oslo.message', 'a text');
  return readObject(inner, 'oslo.message');
}

function readFields(message: JsonObject): Fields {
  const payload = asObject(message['payload'], 'payload');
  return {
    eventType: asText(message['event_type'], 'event_type'),
    messageId: asText(message['message_id'], 'message_id'),
    timestampUtc: asUtc(message['timestamp'], 'timestamp'),
    instanceId: asOptionalText(payload['instance_id'], 'payload.instance_id'),
    backupId: asOptionalText(payload['backup_id'], 'payload.backup_id'),
    projectId:
      asOptionalText(payload['tenant_id'], 'payload.tenant_id') ??
      asOptionalText(message['_context_project_id'], '_context_project_id'),
  };
}

function toEvent(fields: Fields): NotificationEvent {
  const { eventType, messageId, timestampUtc, instanceId, projectId, backupId } = fields;
  const base = {
    eventType,
    messageId,
    timestampUtc,
    ...(instanceId !== undefined && { instanceId }),
    ...(projectId !== undefined && { projectId }),
    ...(backupId !== undefined && { backupId }),
  };
  const type = classify(fields);
  switch (type) {
    case 'instance.created':
    case 'instance.deleted':
    case 'instance.changed':
    case 'instance.exists':
      if (instanceId === undefined) throw wrong('payload.instance_id', 'a text');
      return { type, ...base, instanceId };
    case 'instance.restoring':
    case 'backup.created':
    case 'backup.deleted':
      if (backupId === undefined) throw wrong('payload.backup_id', 'a text');
      return { type, ...base, backupId };
    case 'other':
      return { type, ...base };
  }
}
