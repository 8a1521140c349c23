/**
 * Instants are epoch milliseconds UTC; reasons and policies are JSON as lib/core writes them. What asks for open runs
 * says `ended_utc IS NULL` as the index does: only by that does SQLite see that it need not read the whole history.
 */
export const initial = `
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
  instance_id TEXT NOT NULL,
  project_id  TEXT NOT NULL,
  revision    INTEGER NOT NULL,
  PRIMARY KEY (instance_id, project_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE instances (
  instance_id       TEXT PRIMARY KEY,
  project_id        TEXT NOT NULL,
  name              TEXT NOT NULL,
  datastore_type    TEXT NOT NULL,
  datastore_version TEXT NOT NULL,
  status            TEXT NOT NULL,
  replica_of        TEXT,
  cluster_id        TEXT,
  created_utc       INTEGER NOT NULL,
  first_seen_utc    INTEGER NOT NULL,
  last_seen_utc     INTEGER NOT NULL,
  absences          INTEGER NOT NULL DEFAULT 0,
  gone_utc          INTEGER,
  excluded_because  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX instances_gone ON instances (gone_utc) WHERE gone_utc IS NOT NULL;

CREATE TABLE schedules (
  instance_id      TEXT PRIMARY KEY REFERENCES instances,
  project_id       TEXT NOT NULL,
  policy_name      TEXT NOT NULL,
  policy           TEXT NOT NULL,
  because          TEXT NOT NULL,
  interval_ms      INTEGER NOT NULL,
  active           INTEGER NOT NULL CHECK (active IN (0, 1)),
  assigned_utc     INTEGER NOT NULL,
  first_slot_utc   INTEGER NOT NULL,
  next_slot_utc    INTEGER NOT NULL,
  newest_point_utc INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX schedules_due ON schedules (next_slot_utc, project_id) WHERE active = 1;

CREATE TABLE runs (
  run_id         TEXT PRIMARY KEY,
  instance_id    TEXT NOT NULL,
  project_id     TEXT NOT NULL,
  slot_utc       INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN
    ('claimed', 'intent', 'unknown', 'running', 'completed', 'failed', 'skipped', 'missed', 'expired', 'aborted')),
  because        TEXT,
  kind           TEXT CHECK (kind IN ('full', 'incremental')),
  kind_because   TEXT,
  parent_id      TEXT,
  backup_id      TEXT UNIQUE,
  claimed_utc    INTEGER NOT NULL,
  not_before_utc INTEGER NOT NULL,
  intent_utc     INTEGER,
  ended_utc      INTEGER,
  UNIQUE (instance_id, slot_utc),
  CHECK ((ended_utc IS NULL) = (state IN ('claimed', 'intent', 'unknown', 'running')))
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_open ON runs (state, not_before_utc) WHERE ended_utc IS NULL;
`;
