/**
 * What lists and overviews of instances go by: a narrow row an instance, in the order of whatever it is sorted by, of a
 * project (or of all) without a look at the others. Triggers keep it, so that no writer can forget it, and write no more
 * than what changed: a claim moves `next_slot_utc` alone.
 * - `next_slot_utc` is null where no slot comes. From `late_utc` on its newest point is older than one and a half intervals.
 * - `project_tallies` counts what would else be counted over a project of 100,000; who is late or paused is of the hour, and
 *   counted in an index.
 */
const lateOf = (row: string): string =>
  `CASE ${row}.active WHEN 1 THEN ${row}.newest_point_utc + ${row}.interval_ms * 3 / 2 END`;
const nextOf = (row: string): string => `CASE ${row}.active WHEN 1 THEN ${row}.next_slot_utc END`;
const changed = (...columns: readonly string[]): string =>
  columns.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ');

const living = (row: string): string => `(${row}.is_gone = 0)`;
const active = (row: string): string => `(${row}.is_gone = 0 AND ${row}.is_active = 1)`;
const pointless = (row: string): string =>
  `(${row}.is_gone = 0 AND ${row}.is_active = 1 AND ${row}.newest_point_utc IS NULL)`;
const counts = (row: string): string => `${living(row)}, ${active(row)}, ${pointless(row)}`;
const add = (row: string): string => `
  INSERT INTO project_tallies (project_id, instances, active, pointless) VALUES (${row}.project_id, ${counts(row)})
  ON CONFLICT DO UPDATE SET instances = instances + excluded.instances, active = active + excluded.active,
    pointless = pointless + excluded.pointless;`;

/** With what is looked at in that order besides. */
const ORDERS: readonly (readonly [string, ...string[]])[] = [
  ['name', 'name COLLATE NOCASE'],
  ['created', 'created_utc'],
  ['next', 'next_slot_utc', 'interval_ms'],
  ['point', 'newest_point_utc', 'is_active'],
];
const orders = ORDERS.map(([name, column, ...more]) => {
  const columns = [column, 'instance_id', ...more].join(', ');
  return `
CREATE INDEX listing_by_${name} ON listing (project_id, is_gone, ${columns});
CREATE INDEX listing_all_by_${name} ON listing (is_gone, ${columns});`;
}).join('');

export const listing = `
CREATE TABLE listing (
  instance_id      TEXT PRIMARY KEY,
  project_id       TEXT NOT NULL,
  is_gone          INTEGER NOT NULL CHECK (is_gone IN (0, 1)),
  name             TEXT NOT NULL,
  datastore        TEXT NOT NULL,
  created_utc      INTEGER NOT NULL,
  policy           TEXT,
  interval_ms      INTEGER,
  is_active        INTEGER NOT NULL DEFAULT 0 CHECK (is_active IN (0, 1)),
  first_slot_utc   INTEGER,
  next_slot_utc    INTEGER,
  newest_point_utc INTEGER,
  late_utc         INTEGER,
  paused_until_utc INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO listing
  SELECT i.instance_id, i.project_id, i.gone_utc IS NOT NULL, i.name, i.datastore_type, i.created_utc, s.policy_name, s.interval_ms,
    coalesce(s.active, 0), s.first_slot_utc, ${nextOf('s')}, s.newest_point_utc, ${lateOf('s')},
    (SELECT max(to_utc) FROM standstills p WHERE p.instance_id = i.instance_id AND p.kind = 'paused')
  FROM instances i LEFT JOIN schedules s ON s.instance_id = i.instance_id;
${orders}
CREATE INDEX listing_late ON listing (project_id, late_utc) WHERE late_utc IS NOT NULL;
CREATE INDEX listing_pointless ON listing (project_id, first_slot_utc)
  WHERE is_active = 1 AND newest_point_utc IS NULL;
CREATE INDEX listing_paused ON listing (project_id, paused_until_utc) WHERE paused_until_utc IS NOT NULL;
CREATE INDEX listing_left_out ON listing (project_id) WHERE is_active = 0 AND is_gone = 0;
CREATE INDEX listing_policies ON listing (project_id, policy) WHERE is_gone = 0;
CREATE INDEX listing_datastores ON listing (project_id, datastore) WHERE is_gone = 0;

CREATE TABLE project_tallies (
  project_id TEXT PRIMARY KEY,
  instances  INTEGER NOT NULL,
  active     INTEGER NOT NULL,
  pointless  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO project_tallies
  SELECT project_id, sum(${living('l')}), sum(${active('l')}), sum(${pointless('l')}) FROM listing l GROUP BY project_id;

CREATE TRIGGER instances_listed AFTER INSERT ON instances BEGIN
  INSERT INTO listing (instance_id, project_id, is_gone, name, datastore, created_utc)
  VALUES (new.instance_id, new.project_id, new.gone_utc IS NOT NULL, new.name, new.datastore_type, new.created_utc);
END;
CREATE TRIGGER instances_relisted AFTER UPDATE OF project_id, gone_utc, name, datastore_type, created_utc ON instances
WHEN ${changed('project_id', 'name', 'datastore_type', 'created_utc')} OR (old.gone_utc IS NULL) <> (new.gone_utc IS NULL) BEGIN
  UPDATE listing SET project_id = new.project_id, is_gone = new.gone_utc IS NOT NULL, name = new.name,
    datastore = new.datastore_type, created_utc = new.created_utc WHERE instance_id = new.instance_id;
END;
CREATE TRIGGER schedules_listed AFTER INSERT ON schedules BEGIN
  UPDATE listing SET policy = new.policy_name, interval_ms = new.interval_ms, is_active = new.active,
    first_slot_utc = new.first_slot_utc, next_slot_utc = ${nextOf('new')}, newest_point_utc = new.newest_point_utc, late_utc = ${lateOf('new')}
  WHERE instance_id = new.instance_id;
END;
CREATE TRIGGER schedules_relisted AFTER UPDATE OF policy_name, interval_ms, active, first_slot_utc ON schedules
WHEN ${changed('policy_name', 'interval_ms', 'active', 'first_slot_utc')} BEGIN
  UPDATE listing SET policy = new.policy_name, interval_ms = new.interval_ms, is_active = new.active,
    first_slot_utc = new.first_slot_utc
  WHERE instance_id = new.instance_id;
END;
CREATE TRIGGER schedules_moved AFTER UPDATE OF next_slot_utc, active ON schedules
WHEN ${changed('next_slot_utc', 'active')} BEGIN
  UPDATE listing SET next_slot_utc = ${nextOf('new')} WHERE instance_id = new.instance_id;
END;
CREATE TRIGGER schedules_pointed AFTER UPDATE OF newest_point_utc, interval_ms, active ON schedules
WHEN ${changed('newest_point_utc', 'interval_ms', 'active')} BEGIN
  UPDATE listing SET newest_point_utc = new.newest_point_utc, late_utc = ${lateOf('new')}
  WHERE instance_id = new.instance_id;
END;
${['INSERT', 'UPDATE']
  .map(
    (change) => `CREATE TRIGGER standstills_listed_${change.toLowerCase()} AFTER ${change} ON standstills
WHEN new.kind = 'paused' BEGIN
  UPDATE listing SET paused_until_utc = (SELECT max(to_utc) FROM standstills p
    WHERE p.instance_id = new.instance_id AND p.kind = 'paused') WHERE instance_id = new.instance_id;
END;`,
  )
  .join('\n')}

CREATE TRIGGER listing_tallied AFTER INSERT ON listing BEGIN ${add('new')} END;
CREATE TRIGGER listing_retallied AFTER UPDATE OF project_id, is_gone, is_active, newest_point_utc ON listing
WHEN old.project_id <> new.project_id OR (${counts('old')}) <> (${counts('new')}) BEGIN
  UPDATE project_tallies SET instances = instances - ${living('old')}, active = active - ${active('old')},
    pointless = pointless - ${pointless('old')} WHERE project_id = old.project_id;
  ${add('new')}
END;
`;
