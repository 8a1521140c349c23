/** Marks wait for their grace; a hold is somebody's word that a backup stays. One row a backup each. */
export const retention = `
CREATE TABLE marks (
  backup_id   TEXT PRIMARY KEY,
  instance_id TEXT NOT NULL,
  project_id  TEXT NOT NULL,
  because     TEXT NOT NULL,
  marked_utc  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_of_instance ON marks (instance_id);
CREATE INDEX marks_in_time ON marks (marked_utc);
CREATE TABLE holds (
  backup_id   TEXT PRIMARY KEY,
  instance_id TEXT NOT NULL,
  project_id  TEXT NOT NULL,
  owner       TEXT NOT NULL,
  note        TEXT NOT NULL,
  until_utc   INTEGER,
  held_utc    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_of_instance ON holds (instance_id);
CREATE INDEX instances_gone_project ON instances (project_id) WHERE gone_utc IS NOT NULL;
`;
