import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';

/** When the store was made, and until when slots were set in it, by the wall clock of then. */
export interface Birth {
  /** Made in this life. */
  readonly isNew: boolean;
  bornUtc(): Instant;
  bear(bornUtc: Instant): void;
  /** The latest instant at which a schedule was set. */
  assignedUtc(): Instant;
  assigned(nowUtc: Instant): void;
}

export function birthStore(db: Database, isNew: boolean): Birth {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const at = (key: string): Instant => Number(read.get(key)?.value ?? 0);
  let bornUtc = at('born_utc');
  let assignedUtc = at('assigned_utc');
  return {
    isNew,
    bornUtc: () => bornUtc,
    bear(instant) {
      write.run('born_utc', String(instant));
      bornUtc = instant;
    },
    assignedUtc: () => assignedUtc,
    assigned(nowUtc) {
      write.run('assigned_utc', String(nowUtc));
      assignedUtc = nowUtc;
    },
  };
}
