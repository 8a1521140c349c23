/** What every event has. Ids are as the message says: guests can forge any, so nothing may happen on its word alone. */
interface EventBase {
  /** As sent, e.g. `dbaas.backup_create.end`. */
  readonly eventType: string;
  readonly messageId: string;
  /** Epoch milliseconds, by the sender's clock. */
  readonly timestampUtc: number;
  readonly instanceId?: string;
  readonly projectId?: string;
  readonly backupId?: string;
}

interface OfInstance extends EventBase {
  readonly instanceId: string;
}

interface OfBackup extends EventBase {
  readonly backupId: string;
}

/**
 * A notification of Trove (trove/common/notification.py). The same thing may be told twice, by `trove.*` and by `dbaas.*`.
 * - `instance.created` it is up · `instance.deleted` · `instance.changed` an action on it ended, well or not: its
 *   datastore version, size, role or status may be another · `instance.exists` the hourly audit
 * - `instance.restoring` a new instance reads this backup now; it has no id yet
 * - `backup.created` accepted, not COMPLETED · `backup.deleted`
 * - `other` anything else, the start of most things among it
 */
export type NotificationEvent =
  | (OfInstance & { readonly type: 'instance.created' })
  | (OfInstance & { readonly type: 'instance.deleted' })
  | (OfInstance & { readonly type: 'instance.changed' })
  | (OfInstance & { readonly type: 'instance.exists' })
  | (OfBackup & { readonly type: 'instance.restoring' })
  | (OfBackup & { readonly type: 'backup.created' })
  | (OfBackup & { readonly type: 'backup.deleted' })
  | (EventBase & { readonly type: 'other' });

/** Why a message was not taken, as data. */
export type Refusal =
  | { readonly rule: 'too-large'; readonly params: { readonly bytes: number; readonly maxBytes: number } }
  | { readonly rule: 'not-utf8'; readonly params: Readonly<Record<never, never>> }
  | { readonly rule: 'not-json'; readonly params: { readonly part: 'body' | 'oslo.message' } }
  | { readonly rule: 'wrong-field'; readonly params: { readonly field: string; readonly expected: string } };

export type ParseResult =
  | { readonly kind: 'event'; readonly event: NotificationEvent }
  | { readonly kind: 'refused'; readonly reason: Refusal };
