/**
 * The newest slot or request of each instance lies beside what else a list shows of it: to look it up among millions of runs
 * took longer than all the rest of a page. No index holds it, so that a run that goes on rewrites one narrow row.
 */
const newest = (instanceId: string): string => `UPDATE listing SET (last_run_id, last_slot_utc, last_state) =
    (SELECT run_id, slot_utc, state FROM runs r WHERE r.instance_id = ${instanceId} ORDER BY slot_utc DESC LIMIT 1)
  WHERE instance_id = ${instanceId}`;

export const lastRuns = `
ALTER TABLE listing ADD COLUMN last_run_id TEXT;
ALTER TABLE listing ADD COLUMN last_slot_utc INTEGER;
ALTER TABLE listing ADD COLUMN last_state TEXT;
UPDATE listing SET (last_run_id, last_slot_utc, last_state) =
  (SELECT run_id, slot_utc, state FROM runs r WHERE r.instance_id = listing.instance_id ORDER BY slot_utc DESC LIMIT 1);

CREATE TRIGGER runs_listed AFTER INSERT ON runs BEGIN
  UPDATE listing SET last_run_id = new.run_id, last_slot_utc = new.slot_utc, last_state = new.state
  WHERE instance_id = new.instance_id AND coalesce(last_slot_utc, new.slot_utc) <= new.slot_utc;
END;
CREATE TRIGGER runs_relisted AFTER UPDATE OF state ON runs WHEN old.state <> new.state BEGIN
  UPDATE listing SET last_state = new.state WHERE instance_id = new.instance_id AND last_run_id = new.run_id;
END;
CREATE TRIGGER runs_unlisted AFTER DELETE ON runs BEGIN ${newest('old.instance_id')} AND last_run_id = old.run_id; END;
-- What was made before its instance was listed.
CREATE TRIGGER listing_run AFTER INSERT ON listing BEGIN ${newest('new.instance_id')}; END;
`;
