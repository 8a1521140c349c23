import type { Database } from 'better-sqlite3';
import type { Instant, Reason } from '../../lib/core/index.ts';
import type { Deletion, PrunePort } from '../ports/prune.ts';

type Row = Omit<Deletion, 'because'> & { readonly because: string };

export function pruneStore(db: Database): PrunePort {
  // A second try has an intent of its own: what it was refused for before no longer matters.
  const intend = db.prepare<[Row]>(
    `INSERT INTO deletions (backup_id, instance_id, project_id, because, intent_utc, state)
     VALUES (@backupId, @instanceId, @projectId, @because, @intentUtc, 'intent')
     ON CONFLICT DO UPDATE SET because = @because, intent_utc = @intentUtc, state = 'intent', ended_utc = NULL,
       ended_because = NULL`,
  );
  const end = db.prepare<[{ backupId: string; state: string; because: string | null; nowUtc: Instant }]>(
    `UPDATE deletions SET state = @state, ended_because = @because, ended_utc = @nowUtc
     WHERE backup_id = @backupId AND ended_utc IS NULL`,
  );
  const open = db.prepare<[], Row>(
    `SELECT backup_id AS backupId, instance_id AS instanceId, project_id AS projectId, because, intent_utc AS intentUtc
     FROM deletions WHERE ended_utc IS NULL ORDER BY intent_utc`,
  );
  const unmark = db.prepare<[string]>('DELETE FROM marks WHERE backup_id = ?');
  const settle = db.transaction((backupId: string, nowUtc: Instant) => {
    end.run({ backupId, state: 'gone', because: null, nowUtc });
    unmark.run(backupId);
  });
  return {
    intend: async (deletion) => void intend.run({ ...deletion, because: JSON.stringify(deletion.because) }),
    withdraw: async (backupId, reason, nowUtc) =>
      void end.run({ backupId, state: 'withdrawn', because: JSON.stringify(reason), nowUtc }),
    gone: async (backupId, nowUtc) => settle.immediate(backupId, nowUtc),
    openDeletions: async () => open.all().map((row) => ({ ...row, because: JSON.parse(row.because) as Reason })),
  };
}
