/**
 * Times in which nothing could be pruned: of one instance, or of all where `instance_id` is empty. The last sighting of what
 * was excluded before is the first instant at which that is sure. However often one is paused or left out, no more than
 * a hundred stay: the two oldest that have ended become one that lasts from the first to the second, which keeps more.
 */
export const standstills = `
CREATE TABLE standstills (
  instance_id TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('stopped', 'excluded', 'paused')),
  from_utc    INTEGER NOT NULL,
  to_utc      INTEGER,
  owner       TEXT,
  note        TEXT,
  PRIMARY KEY (instance_id, from_utc, kind),
  CHECK (kind <> 'paused' OR (to_utc IS NOT NULL AND owner IS NOT NULL AND note IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX standstills_in_time ON standstills (from_utc);
CREATE INDEX standstills_stopped ON standstills (to_utc) WHERE kind = 'stopped';
INSERT INTO standstills (instance_id, kind, from_utc)
  SELECT instance_id, 'excluded', last_seen_utc FROM instances WHERE excluded_because IS NOT NULL AND gone_utc IS NULL;

CREATE TRIGGER instances_left_out AFTER INSERT ON instances WHEN new.excluded_because IS NOT NULL BEGIN
  INSERT INTO standstills (instance_id, kind, from_utc) VALUES (new.instance_id, 'excluded', new.last_seen_utc)
  ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER instances_excluded AFTER UPDATE OF excluded_because ON instances
WHEN old.excluded_because IS NULL AND new.excluded_because IS NOT NULL BEGIN
  INSERT INTO standstills (instance_id, kind, from_utc) VALUES (new.instance_id, 'excluded', new.last_seen_utc)
  ON CONFLICT DO UPDATE SET to_utc = NULL;
END;
CREATE TRIGGER instances_included AFTER UPDATE OF excluded_because ON instances
WHEN old.excluded_because IS NOT NULL AND new.excluded_because IS NULL BEGIN
  UPDATE standstills SET to_utc = max(from_utc, new.last_seen_utc)
  WHERE instance_id = new.instance_id AND kind = 'excluded' AND to_utc IS NULL;
END;
CREATE TRIGGER standstills_bounded AFTER INSERT ON standstills
WHEN (SELECT count(*) FROM standstills WHERE instance_id = new.instance_id) > 100 BEGIN
  UPDATE standstills SET to_utc =
    (SELECT max(to_utc) FROM (SELECT to_utc FROM standstills
      WHERE instance_id = new.instance_id AND to_utc IS NOT NULL ORDER BY from_utc LIMIT 2))
  WHERE instance_id = new.instance_id AND (from_utc, kind) =
    (SELECT from_utc, kind FROM standstills
      WHERE instance_id = new.instance_id AND to_utc IS NOT NULL ORDER BY from_utc LIMIT 1);
  DELETE FROM standstills WHERE instance_id = new.instance_id AND (from_utc, kind) =
    (SELECT from_utc, kind FROM standstills
      WHERE instance_id = new.instance_id AND to_utc IS NOT NULL ORDER BY from_utc LIMIT 1 OFFSET 1);
END;
`;
