import type { Database } from 'better-sqlite3';
import type { Instant, Reason } from '../../lib/core/index.ts';
import type { Deletion, PrunePort, WrongClock } from '../ports/prune.ts';
import { given } from './given.ts';

type Row = Omit<Deletion, 'because'> & { readonly because: string };

export function pruneStore(db: Database): PrunePort {
  // A second try has an intent of its own: what it was refused for before no longer matters.
  const intend = db.prepare<[Row]>(
    `INSERT INTO deletions (backup_id, instance_id, project_id, because, intent_utc, state)
     SELECT @backupId, @instanceId, @projectId, @because, @intentUtc, 'intent' WHERE NOT EXISTS
       (SELECT 1 FROM holds WHERE backup_id = @backupId AND (until_utc IS NULL OR until_utc > @intentUtc))
     ON CONFLICT DO UPDATE SET because = @because, intent_utc = @intentUtc, state = 'intent', ended_utc = NULL,
       ended_because = NULL, children = '[]'`,
  );
  const end = db.prepare<[{ backupId: string; state: string; because: string | null; nowUtc: Instant }]>(
    `UPDATE deletions SET state = @state, ended_because = @because, ended_utc = @nowUtc
     WHERE backup_id = @backupId AND ended_utc IS NULL`,
  );
  const open = db.prepare<[], Row>(
    `SELECT backup_id AS backupId, instance_id AS instanceId, project_id AS projectId, because, intent_utc AS intentUtc
     FROM deletions WHERE ended_utc IS NULL ORDER BY intent_utc`,
  );
  const going = db.prepare<[string, string], { id: string }>(
    `SELECT backup_id AS id FROM deletions WHERE ended_utc IS NULL AND project_id = ${given('?')}
     UNION SELECT backup_id FROM departures WHERE project_id = ${given('?')}`,
  );
  const childrenOf = db.prepare<[string], { children: string }>('SELECT children FROM deletions WHERE backup_id = ?');
  const saveChildren = db.prepare<[string, string]>('UPDATE deletions SET children = ? WHERE backup_id = ?');
  const children = (backupId: string): readonly string[] =>
    JSON.parse(childrenOf.get(backupId)?.children ?? '[]') as readonly string[];
  const noteChildren = db.transaction((backupId: string, seen: readonly string[]): void => {
    const known = children(backupId);
    const all = [...new Set([...known, ...seen])];
    if (all.length > known.length) saveChildren.run(JSON.stringify(all), backupId);
  });
  const unmark = db.prepare<[string]>('DELETE FROM marks WHERE backup_id = ?');
  const settle = db.transaction((backupId: string, nowUtc: Instant) => {
    end.run({ backupId, state: 'gone', because: null, nowUtc });
    unmark.run(backupId);
    return children(backupId);
  });
  const wrongClock = db.prepare<[], { value: string }>("SELECT value FROM meta WHERE key = 'wrong_clock'");
  const noteWrongClock = db.prepare<[string]>(
    "INSERT INTO meta (key, value) VALUES ('wrong_clock', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  return {
    intend: async (deletion) => intend.run({ ...deletion, because: JSON.stringify(deletion.because) }).changes > 0,
    noteChildren: async (backupId, seen) => noteChildren.immediate(backupId, seen),
    withdraw: async (backupId, reason, nowUtc) =>
      void end.run({ backupId, state: 'withdrawn', because: JSON.stringify(reason), nowUtc }),
    gone: async (backupId, nowUtc) => settle.immediate(backupId, nowUtc),
    openDeletions: async () => open.all().map((row) => ({ ...row, because: JSON.parse(row.because) as Reason })),
    going: async (projectId) => new Set(going.all(projectId, projectId).map(({ id }) => id)),
    wrongClock: async () => JSON.parse(wrongClock.get()?.value ?? 'null') as WrongClock | null,
    noteWrongClock: async (wrong) => void noteWrongClock.run(JSON.stringify(wrong)),
  };
}
