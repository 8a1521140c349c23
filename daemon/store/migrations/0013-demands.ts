/**
 * A run may be somebody's request: its slot is when it was asked for, half a second off every schedule's, which are whole
 * seconds. What it asks for stands beside it; a key makes one request of a project, however often it comes.
 */
export const demands = `
ALTER TABLE runs ADD COLUMN origin TEXT NOT NULL DEFAULT 'scheduled' CHECK (origin IN ('scheduled', 'on_demand'));
CREATE INDEX runs_demanded_open ON runs (instance_id) WHERE origin = 'on_demand' AND ended_utc IS NULL;
CREATE TABLE demands (
  run_id       TEXT PRIMARY KEY REFERENCES runs,
  project_id   TEXT NOT NULL,
  instance_id  TEXT NOT NULL,
  key          TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  note         TEXT NOT NULL,
  wanted       TEXT NOT NULL CHECK (wanted IN ('full', 'incremental')),
  keep_ms      INTEGER,
  UNIQUE (project_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX demands_of_project ON demands (project_id, run_id);
CREATE INDEX demands_kept ON demands (instance_id) WHERE keep_ms IS NOT NULL;
`;
