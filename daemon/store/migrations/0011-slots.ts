/**
 * - A slot may be `credited` to a user's own backup, whose id and time stand in its row. SQLite takes no new value into a
 *   CHECK, so the table is written anew.
 * - `start_by_utc`: when the window ends that a claimed run must start in; null where none binds it.
 * - The queue of a project knows how old each recovery point is, so that of what is due the oldest is found in the index.
 */
const STATES = `'claimed', 'intent', 'unknown', 'running', 'completed', 'failed', 'skipped', 'credited', 'missed',
    'expired', 'aborted'`;
const COLUMNS = `run_id, instance_id, project_id, slot_utc, state, because, kind, kind_because, parent_id, backup_id,
  claimed_utc, not_before_utc, intent_utc, ended_utc, point`;
const readyOf = (project: string): string =>
  `(SELECT min(not_before_utc) FROM runs WHERE state = 'claimed' AND project_id = ${project})`;
const tally = (change: string, name: string): string => `UPDATE tallies SET n = n + ${change} WHERE name = ${name}`;

export const slots = `
CREATE TABLE runs_anew (
  run_id         TEXT PRIMARY KEY,
  instance_id    TEXT NOT NULL,
  project_id     TEXT NOT NULL,
  slot_utc       INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN (${STATES})),
  because        TEXT,
  kind           TEXT CHECK (kind IN ('full', 'incremental')),
  kind_because   TEXT,
  parent_id      TEXT,
  backup_id      TEXT UNIQUE,
  claimed_utc    INTEGER NOT NULL,
  not_before_utc INTEGER NOT NULL,
  intent_utc     INTEGER,
  ended_utc      INTEGER,
  point          TEXT CHECK (point IN ('followed', 'suspect', 'lost')),
  start_by_utc   INTEGER,
  UNIQUE (instance_id, slot_utc),
  CHECK ((ended_utc IS NULL) = (state IN ('claimed', 'intent', 'unknown', 'running')))
) STRICT, WITHOUT ROWID;
INSERT INTO runs_anew (${COLUMNS}) SELECT ${COLUMNS} FROM runs;
DROP TABLE runs;
ALTER TABLE runs_anew RENAME TO runs;

CREATE INDEX runs_queue ON runs (project_id, not_before_utc, slot_utc) WHERE state = 'claimed';
CREATE INDEX runs_waiting ON runs (instance_id) WHERE state = 'claimed';
CREATE INDEX runs_bound ON runs (start_by_utc) WHERE state = 'claimed' AND start_by_utc IS NOT NULL;
CREATE INDEX runs_out ON runs (state, intent_utc, project_id) WHERE ended_utc IS NULL;
CREATE INDEX runs_tried ON runs (instance_id, slot_utc, state) WHERE state IN ('completed', 'failed');
CREATE INDEX runs_credited ON runs (instance_id, slot_utc) WHERE state = 'credited';
CREATE INDEX runs_points ON runs (project_id, instance_id) WHERE point = 'followed';
CREATE INDEX runs_credits ON runs (project_id) WHERE point = 'followed' AND state = 'credited';
CREATE INDEX runs_suspect_open ON runs (run_id) WHERE point = 'suspect';

CREATE TRIGGER runs_queued AFTER INSERT ON runs WHEN new.state = 'claimed' BEGIN
  INSERT INTO queues (project_id, ready_utc) VALUES (new.project_id, ${readyOf('new.project_id')})
  ON CONFLICT DO UPDATE SET ready_utc = excluded.ready_utc;
END;
CREATE TRIGGER runs_requeued AFTER UPDATE OF state, not_before_utc ON runs
WHEN 'claimed' IN (old.state, new.state) BEGIN
  UPDATE queues SET ready_utc = ${readyOf('new.project_id')} WHERE project_id = new.project_id;
END;
CREATE TRIGGER runs_tallied AFTER INSERT ON runs BEGIN
  ${tally('1', 'new.state')};
END;
CREATE TRIGGER runs_retallied AFTER UPDATE OF state ON runs WHEN old.state <> new.state BEGIN
  ${tally('-1', 'old.state')};
  ${tally('1', 'new.state')};
END;
CREATE TRIGGER runs_untallied AFTER DELETE ON runs BEGIN
  UPDATE tallies SET n = n - 1 WHERE name = old.state;
  UPDATE queues SET ready_utc = ${readyOf('old.project_id')}
  WHERE old.state = 'claimed' AND project_id = old.project_id;
END;
INSERT INTO tallies (name, n) VALUES ('credited', 0);

DROP INDEX schedules_queue;
CREATE INDEX schedules_queue ON schedules (project_id, next_slot_utc, newest_point_utc) WHERE active = 1;
`;
