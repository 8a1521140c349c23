/**
 * What a project's quota holds. A schedule goes by `policy`; where that was adapted, `configured` is the one that is
 * configured and `adapted` says in what they differ. `refused` says why no backup is made.
 * A project whose schedules changed is looked at at once.
 */
const due = (project: string, when: string): string => `
  INSERT INTO outlooks (project_id, due_utc, is_changed) SELECT ${project}, 0, 1 WHERE ${when}
  ON CONFLICT DO UPDATE SET due_utc = 0, is_changed = 1;`;

export const outlooks = `
ALTER TABLE schedules ADD COLUMN configured TEXT;
ALTER TABLE schedules ADD COLUMN adapted TEXT;
ALTER TABLE schedules ADD COLUMN refused TEXT;

CREATE TABLE outlooks (
  project_id  TEXT PRIMARY KEY,
  due_utc     INTEGER NOT NULL,
  is_changed  INTEGER NOT NULL CHECK (is_changed IN (0, 1)),
  made_by     TEXT NOT NULL DEFAULT '',
  quota_limit INTEGER,
  measures    TEXT,
  is_short    INTEGER NOT NULL DEFAULT 0 CHECK (is_short IN (0, 1)),
  told        TEXT,
  told_utc    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX outlooks_due ON outlooks (due_utc);
CREATE INDEX outlooks_made_by ON outlooks (made_by);
CREATE INDEX outlooks_short ON outlooks (is_short);
INSERT INTO outlooks (project_id, due_utc, is_changed) SELECT project_id, 0, 1 FROM queues WHERE due_utc IS NOT NULL;

CREATE TRIGGER schedules_outlook AFTER INSERT ON schedules BEGIN ${due('new.project_id', 'new.active = 1')} END;
CREATE TRIGGER schedules_reoutlook AFTER UPDATE OF policy, active, project_id ON schedules
WHEN old.policy <> new.policy OR old.active <> new.active OR old.project_id <> new.project_id BEGIN
  ${due('new.project_id', 'true')}
  ${due('old.project_id', 'old.project_id <> new.project_id')}
END;
`;
