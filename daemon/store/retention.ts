import type { Database } from 'better-sqlite3';
import type { Hold, Instant, Mark } from '../../lib/core/index.ts';
import type { MarkChange, NotedMarks, OfInstance, RetentionPort, Tended } from '../ports/retention.ts';
import { storedPolicy } from './onward.ts';

interface Row {
  readonly policy: string;
  readonly goneUtc: Instant | null;
}

function tendedStore(db: Database): (instanceId: string) => Tended | null {
  // Of one that was excluded or whose policy had vanished when it went, nothing is pruned after it either.
  const schedule = db.prepare<[string], Row>(
    `SELECT s.policy, i.gone_utc AS goneUtc FROM schedules s JOIN instances i ON i.instance_id = s.instance_id
     WHERE s.instance_id = ? AND (s.active = 1 OR i.gone_utc IS NOT NULL) AND i.excluded_because IS NULL
       AND json_extract(s.because, '$[0].rule') <> 'policy-vanished'`,
  );
  const holds = db.prepare<[string], Hold>(
    'SELECT backup_id AS backupId, owner, note, until_utc AS untilUtc FROM holds WHERE instance_id = ?',
  );
  const marks = db.prepare<[string], Mark>(
    'SELECT backup_id AS backupId, marked_utc AS markedUtc FROM marks WHERE instance_id = ?',
  );
  return (instanceId) => {
    const row = schedule.get(instanceId);
    const policy = row && storedPolicy(row.policy);
    if (!row || !policy || 'rule' in policy) return null;
    return { policy, goneUtc: row.goneUtc, holds: holds.all(instanceId), marks: marks.all(instanceId) };
  };
}

export function retentionStore(db: Database): RetentionPort {
  const tended = tendedStore(db);
  const mark = db.prepare<[OfInstance & { because: string; nowUtc: Instant }]>(
    `INSERT INTO marks (backup_id, instance_id, project_id, because, marked_utc)
     VALUES (@backupId, @instanceId, @projectId, @because, @nowUtc) ON CONFLICT DO NOTHING`,
  );
  const lift = db.prepare<[string], OfInstance>(
    'DELETE FROM marks WHERE backup_id = ? RETURNING backup_id AS backupId, instance_id AS instanceId, project_id AS projectId',
  );
  const save = db.prepare<[Hold & OfInstance & { nowUtc: Instant }]>(
    `INSERT INTO holds (backup_id, instance_id, project_id, owner, note, until_utc, held_utc)
     VALUES (@backupId, @instanceId, @projectId, @owner, @note, @untilUtc, @nowUtc)
     ON CONFLICT DO UPDATE SET owner = @owner, note = @note, until_utc = @untilUtc, held_utc = @nowUtc`,
  );
  const release = db.prepare<[string]>('DELETE FROM holds WHERE backup_id = ?');
  const projects = db.prepare<[string, number], { id: string }>(
    `SELECT DISTINCT i.project_id AS id FROM instances i WHERE i.gone_utc IS NOT NULL AND i.project_id > ?
       AND NOT EXISTS (SELECT 1 FROM queues q WHERE q.project_id = i.project_id AND q.due_utc IS NOT NULL)
     ORDER BY i.project_id LIMIT ?`,
  );
  const note = db.transaction((change: MarkChange, nowUtc: Instant): NotedMarks => {
    const lifted = change.lift.filter((id) => lift.get(id) !== undefined);
    const isNew = (it: MarkChange['mark'][number]): boolean =>
      mark.run({ ...it, because: JSON.stringify(it.because), nowUtc }).changes > 0;
    const marked = change.mark.filter(isNew).map(({ backupId }) => backupId);
    return { marked: new Set(marked), lifted: new Set(lifted) };
  });
  const undo = db.transaction(
    (backupId: string, by: Pick<Hold, 'owner' | 'note' | 'untilUtc'>, nowUtc: Instant): boolean => {
      const marked = lift.get(backupId);
      if (marked) save.run({ ...marked, ...by, nowUtc });
      return marked !== undefined;
    },
  );
  return {
    tended: async (instanceId) => tended(instanceId),
    noteMarks: async (change, nowUtc) => note.immediate(change, nowUtc),
    hold: async (hold, nowUtc) => void save.run({ ...hold, nowUtc }),
    release: async (backupId) => release.run(backupId).changes > 0,
    undo: async (backupId, by, nowUtc) => undo.immediate(backupId, by, nowUtc),
    projectsOfGone: async (limit, after) => projects.all(after, limit).map(({ id }) => id),
  };
}
