/**
 * What the loops ask for all the time must not cost more the more there is: 1,000,000 schedules, a project whose 100,000
 * slots are due while it is full, years of history.
 * - `queues` has a row a project with the oldest of what waits there, so a full project is passed over by one row.
 * - `tallies` counts what would else be counted over whole tables.
 * Triggers keep both, so that no writer can forget them.
 */
const dueOf = (project: string): string =>
  `(SELECT min(next_slot_utc) FROM schedules WHERE active = 1 AND project_id = ${project})`;
const readyOf = (project: string): string =>
  `(SELECT min(not_before_utc) FROM runs WHERE state = 'claimed' AND project_id = ${project})`;
const tally = (change: string, name: string): string => `UPDATE tallies SET n = n + ${change} WHERE name = ${name}`;
const STATES = [
  'claimed',
  'intent',
  'unknown',
  'running',
  'completed',
  'failed',
  'skipped',
  'missed',
  'expired',
  'aborted',
];

export const queues = `
DROP INDEX schedules_due;
DROP INDEX runs_open;
CREATE INDEX schedules_queue ON schedules (project_id, next_slot_utc) WHERE active = 1;
CREATE INDEX runs_queue ON runs (project_id, not_before_utc, slot_utc) WHERE state = 'claimed';
CREATE INDEX runs_waiting ON runs (instance_id) WHERE state = 'claimed';
CREATE INDEX runs_out ON runs (state, intent_utc, project_id) WHERE ended_utc IS NULL;
CREATE INDEX runs_tried ON runs (instance_id, slot_utc, state) WHERE state IN ('completed', 'failed');

CREATE TABLE queues (
  project_id TEXT PRIMARY KEY,
  due_utc    INTEGER,
  ready_utc  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX queues_due ON queues (due_utc) WHERE due_utc IS NOT NULL;
CREATE INDEX queues_ready ON queues (ready_utc) WHERE ready_utc IS NOT NULL;
INSERT INTO queues (project_id, due_utc, ready_utc)
  SELECT project_id, ${dueOf('p.project_id')}, ${readyOf('p.project_id')}
  FROM (SELECT project_id FROM schedules UNION SELECT project_id FROM runs WHERE state = 'claimed') p;

CREATE TRIGGER schedules_queued AFTER INSERT ON schedules BEGIN
  INSERT INTO queues (project_id, due_utc) VALUES (new.project_id, ${dueOf('new.project_id')})
  ON CONFLICT DO UPDATE SET due_utc = excluded.due_utc;
END;
CREATE TRIGGER schedules_requeued AFTER UPDATE OF project_id, next_slot_utc, active ON schedules BEGIN
  INSERT INTO queues (project_id, due_utc) VALUES (new.project_id, ${dueOf('new.project_id')})
  ON CONFLICT DO UPDATE SET due_utc = excluded.due_utc;
  UPDATE queues SET due_utc = ${dueOf('old.project_id')}
  WHERE project_id = old.project_id AND old.project_id <> new.project_id;
END;
CREATE TRIGGER runs_queued AFTER INSERT ON runs WHEN new.state = 'claimed' BEGIN
  INSERT INTO queues (project_id, ready_utc) VALUES (new.project_id, ${readyOf('new.project_id')})
  ON CONFLICT DO UPDATE SET ready_utc = excluded.ready_utc;
END;
CREATE TRIGGER runs_requeued AFTER UPDATE OF state, not_before_utc ON runs
WHEN 'claimed' IN (old.state, new.state) BEGIN
  UPDATE queues SET ready_utc = ${readyOf('new.project_id')} WHERE project_id = new.project_id;
END;

CREATE TABLE tallies (
  name TEXT PRIMARY KEY,
  n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tallies (name, n) VALUES
  ('instances', (SELECT count(*) FROM instances WHERE gone_utc IS NULL)),
  ('schedules', (SELECT count(*) FROM schedules WHERE active = 1)),
  ('unprotected', (SELECT count(*) FROM schedules WHERE active = 1 AND newest_point_utc IS NULL)),
  ${STATES.map((state) => `('${state}', 0)`).join(', ')};
UPDATE tallies SET n = r.n FROM (SELECT state, count(*) AS n FROM runs GROUP BY state) r WHERE r.state = tallies.name;

CREATE TRIGGER instances_tallied AFTER INSERT ON instances WHEN new.gone_utc IS NULL BEGIN
  ${tally('1', "'instances'")};
END;
CREATE TRIGGER instances_retallied AFTER UPDATE OF gone_utc ON instances
WHEN (old.gone_utc IS NULL) <> (new.gone_utc IS NULL) BEGIN
  ${tally('CASE WHEN new.gone_utc IS NULL THEN 1 ELSE -1 END', "'instances'")};
END;
CREATE TRIGGER schedules_tallied AFTER INSERT ON schedules WHEN new.active = 1 BEGIN
  ${tally('1', "'schedules'")};
  ${tally('(new.newest_point_utc IS NULL)', "'unprotected'")};
END;
CREATE TRIGGER schedules_retallied AFTER UPDATE OF active, newest_point_utc ON schedules BEGIN
  ${tally('new.active - old.active', "'schedules'")} AND new.active <> old.active;
  ${tally('(new.active AND new.newest_point_utc IS NULL) - (old.active AND old.newest_point_utc IS NULL)', "'unprotected'")};
END;
CREATE TRIGGER runs_tallied AFTER INSERT ON runs BEGIN
  ${tally('1', 'new.state')};
END;
CREATE TRIGGER runs_retallied AFTER UPDATE OF state ON runs WHEN old.state <> new.state BEGIN
  ${tally('-1', 'old.state')};
  ${tally('1', 'new.state')};
END;
`;
