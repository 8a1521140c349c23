/**
 * Whether the recovery point that a run made is still there: `suspect` where something says that it is not, until Trove
 * was asked for it. Of what was made before, the newest of each instance alone is followed: owners may have deleted any
 * of the others long ago.
 */
export const points = `
ALTER TABLE runs ADD COLUMN point TEXT CHECK (point IN ('followed', 'suspect', 'lost'));
UPDATE runs SET point = 'followed' WHERE state = 'completed' AND slot_utc =
  (SELECT max(slot_utc) FROM runs r WHERE r.instance_id = runs.instance_id AND r.state = 'completed');
CREATE INDEX runs_points ON runs (project_id, instance_id) WHERE point = 'followed';
CREATE INDEX runs_suspect_open ON runs (run_id) WHERE point = 'suspect';
`;
