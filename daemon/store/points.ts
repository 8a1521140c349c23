import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { Left, Loss, PointsPort, PointsSeen, Suspect } from '../ports/points.ts';
import { storedPolicy } from './onward.ts';

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
  const lacking = (where: string) => `UPDATE runs SET point = CASE WHEN EXISTS
      (SELECT 1 FROM schedules s WHERE s.instance_id = runs.instance_id AND s.active = 1) THEN 'suspect' ELSE 'lost' END
    WHERE point = 'followed' AND project_id = @projectId ${where} AND ended_utc < @askedUtc
      AND backup_id NOT IN (SELECT value FROM json_each(@backups)) RETURNING point`;
  const lackingInProject = db.prepare<[object], { point: string }>(lacking(''));
  const lackingOfInstance = db.prepare<[object], { point: string }>(lacking('AND instance_id = @instanceId'));

  return ({ projectId, instanceId, askedUtc, points, backups }) => {
    const seen = new Map(points.map((point) => [point.instanceId, point]));
    const rows = instanceId === null ? ofProject.all(projectId) : ofInstance.all(instanceId);
    for (const { id, newest: known } of rows) {
      const point = seen.get(id);
      const newest = point ? (asked.get(point.runId)?.at ?? point.createdUtc) : null;
      if (newest !== known) save.run({ id, newest, askedUtc });
    }
    const list = { projectId, askedUtc, backups: JSON.stringify(backups) };
    const lack = instanceId === null ? lackingInProject.all(list) : lackingOfInstance.all({ ...list, instanceId });
    return lack.some(({ point }) => point === 'suspect');
  };
}

interface Schedule {
  readonly policy: string;
  readonly newest: Instant | null;
  readonly next: Instant;
}

/** Writes down that a point is gone, and lets its schedule go on sooner. */
function lossStore(db: Database): (runId: string, makeUp: (left: Left) => Instant | null) => Loss | null {
  const lose = db.prepare<[string], { instanceId: string; byUs: 0 | 1 }>(
    `UPDATE runs SET point = 'lost' WHERE run_id = ? AND point = 'suspect' RETURNING instance_id AS instanceId,
       EXISTS (SELECT 1 FROM deletions d WHERE d.backup_id = runs.backup_id AND d.state <> 'withdrawn') AS byUs`,
  );
  const scheduleOf = db.prepare<[string], Schedule>(
    `SELECT policy, newest_point_utc AS newest, next_slot_utc AS next FROM schedules WHERE instance_id = ? AND active = 1`,
  );
  const newestRun = db.prepare<[string], { slotUtc: Instant; ended: Instant | null }>(
    'SELECT slot_utc AS slotUtc, ended_utc AS ended FROM runs WHERE instance_id = ? ORDER BY slot_utc DESC LIMIT 1',
  );
  const hasten = db.prepare<[Instant, string]>('UPDATE schedules SET next_slot_utc = ? WHERE instance_id = ?');

  function sooner(instanceId: string, schedule: Schedule | undefined, makeUp: (left: Left) => Instant | null) {
    const run = newestRun.get(instanceId);
    const policy = storedPolicy(schedule?.policy);
    if (!schedule || !run || run.ended === null || 'rule' in policy) return null;
    const { newest: newestPointUtc, next: nextSlotUtc } = schedule;
    const slotUtc = makeUp({ policy, newestPointUtc, lastSlotUtc: run.slotUtc, nextSlotUtc });
    if (slotUtc === null || slotUtc >= nextSlotUtc) return null;
    hasten.run(slotUtc, instanceId);
    return slotUtc;
  }

  return (runId, makeUp) => {
    const row = lose.get(runId);
    if (!row) return null;
    const schedule = scheduleOf.get(row.instanceId);
    const nextSlotUtc = sooner(row.instanceId, schedule, makeUp);
    return { byUs: row.byUs === 1, newestPointUtc: schedule?.newest ?? null, nextSlotUtc };
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
     FROM runs WHERE point = 'suspect' AND run_id > ? ORDER BY run_id LIMIT ?`,
  );
  const acquit = db.prepare<[string]>("UPDATE runs SET point = 'followed' WHERE run_id = ? AND point = 'suspect'");
  const projects = db.prepare<[string, number], { id: string }>(
    'SELECT project_id AS id FROM queues WHERE due_utc IS NOT NULL AND project_id > ? ORDER BY project_id LIMIT ?',
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
