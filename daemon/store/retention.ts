import type { Database } from 'better-sqlite3';
import type { DurationMs, Hold, Instant, Mark } from '../../lib/core/index.ts';
import type { MarkChange, NotedMarks, OfInstance, OfProject, Prospect, RetentionPort } from '../ports/retention.ts';
import { given } from './given.ts';
import { pausedStore, standstillsOf } from './standstills.ts';
import { storedPolicy } from './stored-policy.ts';

interface Row {
  readonly policy: string;
  readonly goneUtc: Instant | null;
  readonly isTended: 0 | 1;
}

function prospectStore(db: Database): (instanceId: string, nowUtc: Instant) => Prospect | null {
  const paused = pausedStore(db);
  const standstills = standstillsOf(db);
  // Of one that was excluded or whose policy had vanished when it went, nothing is pruned after it either.
  const schedule = db.prepare<[string], Row>(
    `SELECT s.policy, i.gone_utc AS goneUtc,
       (s.active = 1 OR i.gone_utc IS NOT NULL) AND i.excluded_because IS NULL
         AND json_extract(s.because, '$[0].rule') <> 'policy-vanished' AS isTended
     FROM schedules s JOIN instances i ON i.instance_id = s.instance_id WHERE s.instance_id = ${given('?')}`,
  );
  const holds = db.prepare<[string], Hold>(
    'SELECT backup_id AS backupId, owner, note, until_utc AS untilUtc FROM holds WHERE instance_id = ?',
  );
  const marks = db.prepare<[string], Mark>(
    'SELECT backup_id AS backupId, marked_utc AS markedUtc FROM marks WHERE instance_id = ?',
  );
  const cascades = db.prepare<[string], { backupId: string; children: string }>(
    `SELECT backup_id AS backupId, children FROM deletions
     WHERE instance_id = ${given('?')} AND children <> '[]' AND state = 'gone' ORDER BY ended_utc, backup_id`,
  );
  const keeps = db.prepare<[string], { runId: string; keepMs: DurationMs }>(
    'SELECT run_id AS runId, keep_ms AS keepMs FROM demands WHERE instance_id = ? AND keep_ms IS NOT NULL',
  );
  return (instanceId, nowUtc) => {
    const row = schedule.get(instanceId);
    const policy = row && storedPolicy(row.policy);
    if (!row || !policy || 'rule' in policy) return null;
    return {
      isTended: row.isTended === 1 && !paused(instanceId, nowUtc),
      policy,
      goneUtc: row.goneUtc,
      holds: holds.all(instanceId),
      marks: marks.all(instanceId),
      cascades: cascades.all(instanceId).map(({ backupId, children }) => ({
        backupId,
        taken: JSON.parse(children) as readonly string[],
      })),
      standstills: standstills(instanceId, nowUtc),
      demandedKeeps: Object.fromEntries(keeps.all(instanceId).map(({ runId, keepMs }) => [runId, keepMs])),
    };
  };
}

function tendedStore(db: Database): Pick<RetentionPort, 'tended' | 'prospects'> {
  const prospect = prospectStore(db);
  // One transaction: it is one picture, and the file is looked into for it once.
  const prospects = db.transaction(
    (ids: readonly string[], nowUtc: Instant): ReadonlyMap<string, Prospect> =>
      new Map(
        ids.flatMap((id) => {
          const found = prospect(id, nowUtc);
          return found ? [[id, found] as const] : [];
        }),
      ),
  );
  return {
    async tended(instanceId, nowUtc) {
      const found = prospects([instanceId], nowUtc).get(instanceId);
      return found?.isTended ? found : null;
    },
    prospects: async (instanceIds, nowUtc) => prospects(instanceIds, nowUtc),
  };
}

export function retentionStore(db: Database): RetentionPort {
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
  const goes = db.prepare<[string, string]>(
    `SELECT 1 FROM deletions WHERE backup_id = ? AND ended_utc IS NULL
     UNION ALL SELECT 1 FROM departures WHERE backup_id = ?`,
  );
  const isGoing = (backupId: string): boolean => goes.get(backupId, backupId) !== undefined;
  const release = db.prepare<[OfProject]>('DELETE FROM holds WHERE backup_id = @backupId AND project_id = @projectId');
  const markOf = db.prepare<[OfProject], OfInstance>(
    `SELECT backup_id AS backupId, instance_id AS instanceId, project_id AS projectId FROM marks
     WHERE backup_id = @backupId AND project_id = @projectId`,
  );
  const endHolds = db.prepare<[Instant], Hold & OfInstance>(
    `DELETE FROM holds WHERE until_utc < ? RETURNING backup_id AS backupId, instance_id AS instanceId,
       project_id AS projectId, owner, note, until_utc AS untilUtc`,
  );
  const heldUntil = db.prepare<[string], { untilUtc: Instant | null }>(
    'SELECT until_utc AS untilUtc FROM holds WHERE backup_id = ?',
  );
  const projects = db.prepare<[string, number], { id: string }>(
    `SELECT DISTINCT i.project_id AS id FROM instances i WHERE i.gone_utc IS NOT NULL AND i.project_id > ${given('?')}
       AND NOT EXISTS (SELECT 1 FROM queues q WHERE q.project_id = i.project_id AND q.due_utc IS NOT NULL)
     ORDER BY i.project_id LIMIT ${given('?')}`,
  );
  const note = db.transaction((change: MarkChange, nowUtc: Instant): NotedMarks => {
    const lifted = change.lift.filter((id) => lift.get(id) !== undefined);
    const isNew = (it: MarkChange['mark'][number]): boolean =>
      mark.run({ ...it, because: JSON.stringify(it.because), nowUtc }).changes > 0;
    const marked = change.mark.filter(isNew).map(({ backupId }) => backupId);
    return { marked: new Set(marked), lifted: new Set(lifted) };
  });
  const hold = db.transaction((held: Hold & OfInstance, nowUtc: Instant) => {
    if (isGoing(held.backupId)) return 'going' as const;
    save.run({ ...held, nowUtc });
    return 'held' as const;
  });
  /** Whoever holds it for longer already goes on holding it. */
  function keepHeld(held: Hold & OfInstance, nowUtc: Instant): void {
    const known = heldUntil.get(held.backupId);
    const isLonger = known && (known.untilUtc === null || (held.untilUtc !== null && known.untilUtc >= held.untilUtc));
    if (!isLonger) save.run({ ...held, nowUtc });
  }
  const undo = db.transaction((backup: OfProject, by: Omit<Hold, 'backupId'>, nowUtc: Instant) => {
    const marked = markOf.get(backup);
    if (!marked) return 'unmarked' as const;
    if (isGoing(backup.backupId)) return 'going' as const;
    lift.run(backup.backupId);
    keepHeld({ ...marked, ...by }, nowUtc);
    return 'undone' as const;
  });
  return {
    ...tendedStore(db),
    noteMarks: async (change, nowUtc) => note.immediate(change, nowUtc),
    hold: async (held, nowUtc) => hold.immediate(held, nowUtc),
    release: async (backup) => release.run(backup).changes > 0,
    undo: async (backup, by, nowUtc) => undo.immediate(backup, by, nowUtc),
    endHolds: async (beforeUtc) => endHolds.all(beforeUtc),
    projectsOfGone: async (limit, after) => projects.all(after, limit).map(({ id }) => id),
  };
}
