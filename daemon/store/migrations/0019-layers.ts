/**
 * What projects say of the backups of their instances, over the operator's policies: of one instance, and for those that a
 * policy of their own selects. Of a schedule, which of those it goes by. A revision never comes twice for a row.
 */
export const layers = `
CREATE TABLE overrides (
  instance_id TEXT PRIMARY KEY REFERENCES instances,
  enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  said        TEXT NOT NULL,
  revision    INTEGER NOT NULL,
  changed_utc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE project_policies (
  policy_id   TEXT PRIMARY KEY,
  project_id  TEXT NOT NULL,
  name        TEXT NOT NULL,
  selects     TEXT NOT NULL,
  said        TEXT NOT NULL,
  revision    INTEGER NOT NULL,
  changed_utc INTEGER NOT NULL,
  UNIQUE (project_id, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE schedules ADD COLUMN project_policy TEXT;
CREATE INDEX schedules_of_project ON schedules (project_id, instance_id);
`;
