import type { NotificationEvent } from './event.ts';

export type EventType = NotificationEvent['type'];

/** What was read from the message, before it is known which ids its type needs. */
export interface Fields {
  readonly eventType: string;
  readonly messageId: string;
  readonly timestampUtc: number;
  readonly instanceId: string | undefined;
  readonly projectId: string | undefined;
  readonly backupId: string | undefined;
}

interface Row {
  readonly eventType: RegExp;
  readonly type: EventType;
  /** A further condition: a row that does not meet it is passed over. */
  readonly only?: (fields: Fields) => boolean;
}

/** First match wins. */
const ROWS: readonly Row[] = [
  { eventType: /^trove\.instance\.create$/, type: 'instance.created' },
  { eventType: /^trove\.instance\.delete$/, type: 'instance.deleted' },
  { eventType: /^trove\.instance\.modify_\w+$/, type: 'instance.changed' },
  { eventType: /^trove\.instance\.exists$/, type: 'instance.exists' },
  {
    eventType: /^dbaas\.instance_create\.start$/,
    type: 'instance.restoring',
    only: ({ backupId }) => backupId !== undefined,
  },
  { eventType: /^dbaas\.instance_create\.end$/, type: 'instance.created' },
  { eventType: /^dbaas\.instance_delete\.end$/, type: 'instance.deleted' },
  // Of all actions on an instance this one alone is not called so. (Trove: trove/common/notification.py DBaaSInstanceUpgrade)
  { eventType: /^dbaas\.upgrade\.(end|error)$/, type: 'instance.changed' },
  // An action that failed may have changed the instance all the same.
  { eventType: /^dbaas\.instance_\w+\.(end|error)$/, type: 'instance.changed' },
  { eventType: /^dbaas\.backup_create\.end$/, type: 'backup.created' },
  { eventType: /^dbaas\.backup_delete\.end$/, type: 'backup.deleted' },
];

export function classify(fields: Fields): EventType {
  const row = ROWS.find(({ eventType, only }) => eventType.test(fields.eventType) && (only?.(fields) ?? true));
  return row?.type ?? 'other';
}
