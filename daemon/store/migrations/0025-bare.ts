/**
 * Since when no list shows a backup of an instance that is gone: a while later nothing is known of it any more. What is old
 * is found by when it was.
 */
export const bare = `
ALTER TABLE instances ADD COLUMN bare_utc INTEGER;
CREATE INDEX restores_in_time ON restores (asked_utc);
CREATE INDEX failures_in_time ON failures (day);
CREATE INDEX deletions_ended ON deletions (ended_utc) WHERE ended_utc IS NOT NULL AND children = '[]';
CREATE INDEX deletions_of_instance ON deletions (instance_id);
CREATE INDEX stuck_of_instance ON stuck (instance_id);
CREATE INDEX instances_bare ON instances (bare_utc) WHERE bare_utc IS NOT NULL;
CREATE INDEX instances_bare_of_project ON instances (project_id, bare_utc) WHERE bare_utc IS NOT NULL;

CREATE TRIGGER instances_back AFTER UPDATE OF gone_utc ON instances WHEN new.gone_utc IS NULL AND new.bare_utc IS NOT NULL BEGIN
  UPDATE instances SET bare_utc = NULL WHERE instance_id = new.instance_id;
END;
`;
