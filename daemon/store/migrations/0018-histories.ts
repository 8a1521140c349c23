/**
 * The history of runs in the order of its slots, of a project and of all; of runs that made no backup and of those on
 * demand, which are few among the many that did, in indices of their own. `failures` counts by day and reason what came to
 * no backup though one was due; `because` is that of the newest.
 */
const AMISS = "'failed', 'skipped', 'credited', 'missed', 'expired', 'aborted'";
/** Skipped by these, a slot is one that somebody misses. */
const MISSED_RULES = `'quota', 'quota-short', 'quota-holds-older', 'quota-refused', 'no-role', 'no-trust', 'owner-conflict',
  'policy-unusable', 'backing-off'`;
/** What held a run that ended without a start says more than that it ended. */
const HOLDERS = "'expired', 'window-ended', 'demand-expired'";

const reasonOf = (row: string): string => `CASE WHEN json_valid(${row}.because) THEN
  CASE WHEN json_extract(${row}.because, '$.rule') IN (${HOLDERS}) THEN json_extract(${row}.because, '$.params.held')
  ELSE ${row}.because END END`;
const ruleOf = (row: string): string => `coalesce(json_extract(${reasonOf(row)}, '$.rule'), '')`;
const isFailure = (row: string): string =>
  `(${row}.state IN ('failed', 'missed', 'expired') OR (${row}.state = 'skipped' AND ${ruleOf(row)} IN (${MISSED_RULES})))`;
const dayOf = (row: string): string => `${row}.slot_utc / 86400000`;
const count = (row: string): string => `
  INSERT INTO failures (project_id, day, rule, runs, because)
  VALUES (${row}.project_id, ${dayOf(row)}, ${ruleOf(row)}, 1, ${reasonOf(row)})
  ON CONFLICT DO UPDATE SET runs = runs + 1, because = excluded.because;`;
const uncount = (row: string): string => `
  UPDATE failures SET runs = runs - 1
  WHERE project_id = ${row}.project_id AND day = ${dayOf(row)} AND rule = ${ruleOf(row)};`;

export const histories = `
CREATE INDEX runs_of_project ON runs (project_id, slot_utc, run_id);
CREATE INDEX runs_of_all ON runs (slot_utc, run_id);
CREATE INDEX runs_amiss ON runs (project_id, slot_utc, run_id) WHERE state IN (${AMISS});
CREATE INDEX runs_amiss_of_all ON runs (slot_utc, run_id) WHERE state IN (${AMISS});
CREATE INDEX runs_demanded ON runs (project_id, slot_utc, run_id) WHERE origin = 'on_demand';
CREATE INDEX runs_demanded_of_all ON runs (slot_utc, run_id) WHERE origin = 'on_demand';

CREATE TABLE failures (
  project_id TEXT NOT NULL,
  day        INTEGER NOT NULL,
  rule       TEXT NOT NULL,
  runs       INTEGER NOT NULL,
  because    TEXT,
  PRIMARY KEY (project_id, day, rule)
) STRICT, WITHOUT ROWID;
INSERT INTO failures (project_id, day, rule, runs, because)
  SELECT r.project_id, ${dayOf('r')}, ${ruleOf('r')}, count(*), ${reasonOf('r')} FROM runs r
  WHERE r.state IN (${AMISS}) AND ${isFailure('r')} GROUP BY 1, 2, 3;

-- None after an insert: each run begins as claimed. A function in what an insert fires, which might fail, has SQLite keep a
-- copy of every page that it changes, which takes longer than the insert.
CREATE TRIGGER runs_failed AFTER UPDATE OF state ON runs WHEN NOT ${isFailure('old')} AND ${isFailure('new')} BEGIN ${count('new')} END;
CREATE TRIGGER runs_revived AFTER UPDATE OF state ON runs WHEN ${isFailure('old')} AND NOT ${isFailure('new')} BEGIN ${uncount('old')} END;
CREATE TRIGGER runs_unmade AFTER DELETE ON runs WHEN ${isFailure('old')} BEGIN ${uncount('old')} END;
`;
