/** A DELETE that may have gone out is known after any crash; one row a backup, however often it is tried. */
export const deletions = `
CREATE TABLE deletions (
  backup_id     TEXT PRIMARY KEY,
  instance_id   TEXT NOT NULL,
  project_id    TEXT NOT NULL,
  because       TEXT NOT NULL,
  intent_utc    INTEGER NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('intent', 'withdrawn', 'gone')),
  ended_utc     INTEGER,
  ended_because TEXT,
  CHECK ((ended_utc IS NULL) = (state = 'intent'))
) STRICT, WITHOUT ROWID;
CREATE INDEX deletions_open ON deletions (intent_utc) WHERE ended_utc IS NULL;
`;
