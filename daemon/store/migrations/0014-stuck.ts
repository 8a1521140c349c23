/** Backups that run for far too long, whoever made them, and when that was told: one that is ours holds no place. */
export const stuck = `
CREATE TABLE stuck (
  backup_id   TEXT PRIMARY KEY,
  instance_id TEXT NOT NULL,
  project_id  TEXT NOT NULL,
  told_utc    INTEGER NOT NULL,
  times       INTEGER NOT NULL,
  because     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stuck_of_project ON stuck (project_id, instance_id);
`;
