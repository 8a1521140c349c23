/** What happens in the demo, and when. Pure: the stage carries it out, the words tell of it. */

export interface Order {
  readonly project: string;
  readonly name: string;
}

export interface NewDatabase extends Order {
  readonly datastore: 'mysql' | 'mariadb' | 'postgresql';
  /** The name of its master, in the same project. */
  readonly replicaOf?: string;
}

export type Action =
  | ({ readonly kind: 'create' } & NewDatabase)
  | ({ readonly kind: 'delete' } & Order)
  /** A replica becomes an instance of its own. */
  | ({ readonly kind: 'detach' } & Order)
  | ({ readonly kind: 'fail-next' } & Order)
  /** Trove takes the next order for a backup, but its answer never arrives. */
  | ({ readonly kind: 'lose-answer' } & Order);

export interface Beat {
  readonly afterMs: number;
  readonly action: Action;
}

export const PROJECTS = ['bank', 'blog', 'lab', 'shop'] as const;
export const EXCLUDED_PROJECT = 'lab';
/** A Monday; in the night to the first Sunday Europe's clocks go back. */
export const START_UTC = Date.UTC(2026, 9, 19, 12);

/** There before the daemon was. */
export const OLD_DATABASES: readonly NewDatabase[] = [
  { project: 'blog', name: 'wordpress', datastore: 'mariadb' },
  { project: 'blog', name: 'old-forum', datastore: 'mysql' },
];

const HOUR = 3_600_000;

/** The first hours are the same however long the demo is; the rest is spread over its days. */
export function story(days: number): readonly Beat[] {
  const hours = (count: number, action: Action): Beat => ({ afterMs: count * HOUR, action });
  const part = (share: number, action: Action): Beat => ({ afterMs: share * days * 24 * HOUR, action });
  return [
    hours(0.5, { kind: 'create', project: 'shop', name: 'prod-orders', datastore: 'mysql' }),
    hours(1, { kind: 'create', project: 'bank', name: 'ledger', datastore: 'postgresql' }),
    hours(1.5, { kind: 'create', project: 'bank', name: 'prod-payments', datastore: 'mariadb' }),
    hours(2, { kind: 'create', project: 'lab', name: 'scratch', datastore: 'mysql' }),
    hours(2.5, { kind: 'create', project: 'shop', name: 'catalogue', datastore: 'mariadb' }),
    hours(3, { kind: 'create', project: 'bank', name: 'reports', datastore: 'mysql' }),
    hours(9, { kind: 'create', project: 'shop', name: 'prod-copy', datastore: 'mysql', replicaOf: 'prod-orders' }),
    part(0.24, { kind: 'fail-next', project: 'bank', name: 'reports' }),
    part(0.4, { kind: 'lose-answer', project: 'shop', name: 'prod-orders' }),
    part(0.5, { kind: 'detach', project: 'shop', name: 'prod-copy' }),
    part(0.56, { kind: 'delete', project: 'blog', name: 'old-forum' }),
    part(0.65, { kind: 'create', project: 'blog', name: 'new-forum', datastore: 'postgresql' }),
  ].sort((a, b) => a.afterMs - b.afterMs);
}
