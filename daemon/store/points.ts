import type { Database } from 'better-sqlite3';
import type { Instant } from '../../lib/core/index.ts';
import type { PointsPort, PointsSeen } from '../ports/points.ts';

interface Row {
  readonly id: string;
  readonly newest: Instant | null;
}

export function pointsStore(db: Database): PointsPort {
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
  const saveAll = db.transaction(({ projectId, instanceId, askedUtc, points }: PointsSeen) => {
    const seen = new Map(points.map((point) => [point.instanceId, point]));
    const rows = instanceId === null ? ofProject.all(projectId) : ofInstance.all(instanceId);
    for (const { id, newest: known } of rows) {
      const point = seen.get(id);
      const newest = point ? (asked.get(point.runId)?.at ?? point.createdUtc) : null;
      if (newest !== known) save.run({ id, newest, askedUtc });
    }
  });
  return { pointsSeen: async (seen) => saveAll(seen) };
}
