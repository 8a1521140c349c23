/**
 * What was decided, and on what. Policies and lists of backups are shared by many decisions: they lie in `inputs`, compressed,
 * by the SHA-256 of their text; `used_day` is the last day, from 1970-01-01, on which one was named. Of an instance the newest
 * 500 stay.
 */
export const decisions = `
CREATE TABLE decisions (
  id          INTEGER PRIMARY KEY,
  instance_id TEXT NOT NULL,
  project_id  TEXT NOT NULL,
  at_utc      INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  digest      TEXT NOT NULL,
  facts       TEXT NOT NULL,
  policy      TEXT NOT NULL,
  backups     TEXT NOT NULL,
  outcome     TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_of_instance ON decisions (instance_id, at_utc);
CREATE INDEX decisions_of_project ON decisions (project_id, at_utc);
CREATE TABLE inputs (
  digest   TEXT PRIMARY KEY,
  used_day INTEGER NOT NULL,
  body     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inputs_in_time ON inputs (used_day);
CREATE TRIGGER decisions_bounded AFTER INSERT ON decisions BEGIN
  DELETE FROM decisions WHERE instance_id = new.instance_id AND at_utc <
    (SELECT at_utc FROM decisions WHERE instance_id = new.instance_id ORDER BY at_utc DESC LIMIT 1 OFFSET 499);
END;
`;
