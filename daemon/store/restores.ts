import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { NewInstance } from '../ports/caller-cloud.ts';
import type { BeforeRestore, KeyedRestore, RestoresPort } from '../ports/restores.ts';

interface Row {
  readonly request: string;
  readonly instance: string | null;
}

export function restoresStore(db: Database): RestoresPort {
  const byKey = db.prepare<[KeyedRestore], Row>(
    'SELECT request, instance FROM restores WHERE project_id = @projectId AND key = @key',
  );
  const insert = db.prepare<[KeyedRestore & { nowUtc: Instant }]>(
    'INSERT INTO restores (project_id, key, request, asked_utc) VALUES (@projectId, @key, @request, @nowUtc)',
  );
  const finish = db.prepare<[KeyedRestore & { instance: string }]>(
    'UPDATE restores SET instance = @instance WHERE project_id = @projectId AND key = @key',
  );
  const remove = db.prepare<[KeyedRestore]>(
    'DELETE FROM restores WHERE project_id = @projectId AND key = @key AND instance IS NULL',
  );
  function before(restore: KeyedRestore): BeforeRestore {
    const row = byKey.get(restore);
    if (!row) return { kind: 'new' };
    if (row.request !== restore.request) return { kind: 'other' };
    return row.instance === null
      ? { kind: 'lost' }
      : { kind: 'made', instance: JSON.parse(row.instance) as NewInstance };
  }
  return {
    before: async (restore) => before(restore),
    begin: async (restore, nowUtc) => void insert.run({ ...restore, nowUtc }),
    made: async (restore, instance) => void finish.run({ ...restore, instance: JSON.stringify(instance) }),
    forget: async (restore) => void remove.run(restore),
  };
}
