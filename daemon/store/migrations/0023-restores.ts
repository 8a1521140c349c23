/** Restores that were asked for with a key of the asker's own. `instance` is null from before the request until its answer. */
export const restores = `
CREATE TABLE restores (
  project_id TEXT NOT NULL,
  key        TEXT NOT NULL,
  request    TEXT NOT NULL,
  asked_utc  INTEGER NOT NULL,
  instance   TEXT,
  PRIMARY KEY (project_id, key)
) STRICT, WITHOUT ROWID;
`;
