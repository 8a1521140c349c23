import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { LeftOver, Loss, PointsPort, PointsSeen, Suspect } from '../ports/points.ts';
import { given } from './given.ts';
import { makeUpStore } from './make-up.ts';

interface Row {
  readonly id: string;
  readonly newest: Instant | null;
}

/** Takes over which points a list shows, and gives whether any of ours lacks in it. */
function seenStore(db: Database): (seen: PointsSeen) => boolean {
  const ofProject = db.prepare<[string], Row>(
    'SELECT instance_id AS id, newest_point_utc AS newest FROM schedules WHERE active = 1 AND project_id = ?',
  );
  const ofInstance = db.prepare<[string], Row>(
    'SELECT instance_id AS id, newest_point_utc AS newest FROM schedules WHERE active = 1 AND instance_id = ?',
  );
  const asked = db.prepare<[string], { at: Instant | null }>('SELECT intent_utc AS at FROM runs WHERE run_id = ?');
  // A list that is older than what the ledger knows must not take a point away.
  const save = db.prepare<[{ id: string; newest: Instant | null; askedUtc: Instant }]>(
    `UPDATE schedules SET newest_point_utc = @newest WHERE instance_id = @id AND NOT EXISTS
       (SELECT 1 FROM runs WHERE instance_id = @id AND state = 'completed' AND ended_utc >= @askedUtc)`,
  );
  // Of an instance that we do not back up any more its owner may delete what he likes.
  // By the index of points: else SQLite takes the one of a project's whole history.
  const lacking = (where: string) => `UPDATE runs INDEXED BY runs_points SET point = CASE WHEN EXISTS
      (SELECT 1 FROM schedules s WHERE s.instance_id = runs.instance_id AND s.active = 1) THEN 'suspect' ELSE 'lost' END
    WHERE point = 'followed' AND project_id = ${given('@projectId')} ${where} AND ended_utc < @askedUtc
      AND backup_id NOT IN (SELECT value FROM json_each(@backups)) RETURNING point`;
  const lackingInProject = db.prepare<[object], { point: string }>(lacking(''));
  const lackingOfInstance = db.prepare<[object], { point: string }>(
    lacking(`AND instance_id = ${given('@instanceId')}`),
  );

  /** Users' backups that slots were credited to: as good as a point of ours for as long as they are there. */
  const credits = db.prepare<[string], { id: string; at: Instant }>(
    `SELECT instance_id AS id, max(intent_utc) AS at FROM runs
     WHERE point = 'followed' AND state = 'credited' AND project_id = ${given('?')} GROUP BY instance_id`,
  );

  return ({ projectId, instanceId, askedUtc, points, backups }) => {
    const seen = new Map(points.map((point) => [point.instanceId, point]));
    const credited = new Map(credits.all(projectId).map(({ id, at }) => [id, at]));
    const rows = instanceId === null ? ofProject.all(projectId) : ofInstance.all(instanceId);
    for (const { id, newest: known } of rows) {
      const point = seen.get(id);
      const ours = point ? (asked.get(point.runId)?.at ?? point.createdUtc) : null;
      const theirs = credited.get(id) ?? null;
      const newest = ours === null ? theirs : Math.max(ours, theirs ?? ours);
      if (newest !== known) save.run({ id, newest, askedUtc });
    }
    const list = { projectId, askedUtc, backups: JSON.stringify(backups) };
    const lack = instanceId === null ? lackingInProject.all(list) : lackingOfInstance.all({ ...list, instanceId });
    return lack.some(({ point }) => point === 'suspect');
  };
}

interface LostRow {
  readonly instanceId: string;
  readonly byUs: 0 | 1;
  readonly byOwner: 0 | 1;
  readonly credit: Loss['credit'];
}

/** Writes down that a point is gone, and lets its schedule go on sooner. */
function lossStore(db: Database): (runId: string, makeUp: (left: LeftOver) => Instant | null) => Loss | null {
  const lose = db.prepare<[string], LostRow>(
    `UPDATE runs SET point = 'lost' WHERE run_id = ? AND point = 'suspect' RETURNING instance_id AS instanceId,
       EXISTS (SELECT 1 FROM deletions d WHERE d.backup_id = runs.backup_id AND d.state <> 'withdrawn') AS byUs,
       EXISTS (SELECT 1 FROM departures d WHERE d.backup_id = runs.backup_id) AS byOwner,
       CASE WHEN state <> 'credited' THEN 'none' WHEN slot_utc < (SELECT max(slot_utc) FROM runs r
         WHERE r.instance_id = runs.instance_id AND r.state IN ('completed', 'failed') AND r.state = 'completed')
         THEN 'past' ELSE 'counted' END AS credit`,
  );
  const newest = db.prepare<[string], { at: Instant | null }>(
    'SELECT newest_point_utc AS at FROM schedules WHERE instance_id = ? AND active = 1',
  );
  const sooner = makeUpStore(db);

  return (runId, makeUp) => {
    const row = lose.get(runId);
    if (!row) return null;
    const { instanceId, credit } = row;
    const newestPointUtc = newest.get(instanceId)?.at ?? null;
    const wasCredit = credit === 'counted';
    const nextSlotUtc = credit === 'past' ? null : sooner(instanceId, (left) => makeUp({ ...left, wasCredit }));
    return { byUs: row.byUs === 1, byOwner: row.byOwner === 1, credit, newestPointUtc, nextSlotUtc };
  };
}

export function pointsStore(db: Database): PointsPort {
  const saveSeen = db.transaction(seenStore(db));
  const lose = db.transaction(lossStore(db));
  const toSuspect = db.prepare<[string]>(
    "UPDATE runs SET point = 'suspect' WHERE backup_id = ? AND point = 'followed'",
  );
  const suspectAll = db.transaction((ids: readonly string[]) => {
    let found = 0;
    for (const id of ids) found += toSuspect.run(id).changes;
    return found > 0;
  });
  const suspects = db.prepare<[string, number], Suspect>(
    `SELECT run_id AS runId, instance_id AS instanceId, project_id AS projectId, slot_utc AS slotUtc, backup_id AS backupId
     FROM runs WHERE point = 'suspect' AND run_id > ${given('?')} ORDER BY run_id LIMIT ${given('?')}`,
  );
  const acquit = db.prepare<[string]>("UPDATE runs SET point = 'followed' WHERE run_id = ? AND point = 'suspect'");
  const projects = db.prepare<[string, number], { id: string }>(
    `SELECT project_id AS id FROM queues WHERE due_utc IS NOT NULL AND project_id > ${given('?')} ORDER BY project_id LIMIT ${given('?')}`,
  );
  return {
    pointsSeen: async (seen) => saveSeen.immediate(seen),
    suspect: async (backupIds) => suspectAll.immediate(backupIds),
    suspects: async (limit, after) => suspects.all(after, limit),
    acquit: async (runId) => void acquit.run(runId),
    lost: async (runId, makeUp) => lose.immediate(runId, makeUp),
    projects: async (limit, after) => projects.all(after, limit).map(({ id }) => id),
  };
}
