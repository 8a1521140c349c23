import type { Database, Statement } from 'better-sqlite3';
import type { Instant, ProtectionState } from '../../lib/core/index.ts';
import type { InstanceSort, InstancesQuery } from '../ports/listing.ts';

/**
 * Which instances a page has, and where the next begins. Rows lie in an index in the order that is asked for, and are read
 * from it until the page is full. Where what is looked for is rare, it is found by an index of its own instead and put in
 * order: never is a whole project read for the few that are late in it.
 */
interface Key {
  readonly id: string;
  readonly key: string | number | null;
}
export interface PageOfIds {
  readonly ids: readonly string[];
  readonly next: string | null;
}
type Parameters = Readonly<Record<string, string | number | null>>;

const COLUMN: Readonly<Record<InstanceSort, string>> = {
  name: 'name COLLATE NOCASE',
  created: 'created_utc',
  next: 'next_slot_utc',
  point: 'newest_point_utc',
};

const CAN_BE_NULL: Readonly<Record<InstanceSort, boolean>> = { name: false, created: false, next: true, point: true };

/** SQL of the state of a row, as `protection` says it; a test holds the two together. */
export const STATE = `CASE WHEN is_active = 0 THEN 'excluded' WHEN paused_until_utc > @nowUtc THEN 'paused'
  WHEN newest_point_utc IS NULL THEN 'unprotected' WHEN late_utc < @nowUtc THEN 'late' ELSE 'protected' END`;
/** Only what is looked for: without it a page is read from its index alone. */
const MATCHES = {
  name: "(name LIKE @name ESCAPE '\\' OR instance_id LIKE @name ESCAPE '\\')",
  datastore: 'datastore = @datastore',
  policy: 'is_active = 1 AND policy = @policy',
  state: `${STATE} = @state`,
} as const;
type Filter = keyof typeof MATCHES;
const FILTERS = Object.keys(MATCHES) as readonly Filter[];

/** More than so many are found soon enough in the order that is asked for. */
const RARE = 2_000;

/** Where those of a state are found; protected ones are no rarity. */
const OF_STATE: Readonly<Record<ProtectionState, string | null>> = {
  late: 'late_utc < @nowUtc AND late_utc IS NOT NULL',
  unprotected: 'is_active = 1 AND newest_point_utc IS NULL',
  paused: 'paused_until_utc > @nowUtc AND paused_until_utc IS NOT NULL',
  excluded: 'is_active = 0 AND is_gone = 0',
  protected: null,
};

function rarities({ state, policy, datastore, name, gone }: InstancesQuery): readonly string[] {
  if (gone) return [];
  const found = [
    state && OF_STATE[state],
    policy !== null && 'is_gone = 0 AND policy = @policy',
    datastore !== null && 'is_gone = 0 AND datastore = @datastore',
    name !== null && "is_gone = 0 AND (name LIKE @name ESCAPE '\\' OR instance_id LIKE @name ESCAPE '\\')",
  ];
  return found.filter((where): where is string => typeof where === 'string');
}

/** Of all projects one after the other, each by the index: none is read from end to end. */
const idsWhere = (where: string, isAll: boolean): string =>
  isAll
    ? `SELECT instance_id FROM project_tallies t CROSS JOIN listing l ON l.project_id = t.project_id WHERE ${where}`
    : `SELECT instance_id FROM listing WHERE project_id = @projectId AND ${where}`;

interface Form {
  readonly sort: InstanceSort;
  readonly descending: boolean;
  readonly isAll: boolean;
  readonly part: 'values' | 'nulls';
  readonly isAfter: boolean;
  readonly filters: readonly Filter[];
  /** Where the few are found; null: in the order that is asked for. */
  readonly rarity: string | null;
}

function sqlOf({ sort, descending, isAll, part, isAfter, filters, rarity }: Form, rare: number): string {
  const column = COLUMN[sort];
  const [beyond, order] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
  // Not as a pair: SQLite looks up no pair with a collation in an index.
  const after =
    part === 'values'
      ? `${column} ${beyond}= @key AND (${column} ${beyond} @key OR instance_id ${beyond} @id)`
      : `instance_id ${beyond} @id`;
  const scope = isAll ? 'is_gone = @gone' : 'project_id = @projectId AND is_gone = @gone';
  const where = [
    rarity === null ? scope : `instance_id IN (${idsWhere(rarity, isAll)} LIMIT ${rare})`,
    rarity !== null && '+is_gone = @gone',
    part === 'nulls' && `${column} IS NULL`,
    part === 'values' && CAN_BE_NULL[sort] && `${column} IS NOT NULL`,
    isAfter && after,
    ...filters.map((filter) => MATCHES[filter]),
  ].filter((term) => term !== false);
  const by = part === 'values' ? `${column} ${order}, instance_id ${order}` : `instance_id ${order}`;
  const plain = column.split(' ')[0] ?? column;
  return `SELECT instance_id AS id, ${plain} AS key FROM listing WHERE ${where.join(' AND ')} ORDER BY ${by} LIMIT @limit`;
}

const like = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

/** `<value>~<id>`; of one without a value `~<id>`. */
const markerOf = ({ key, id }: Key): string => `${key ?? ''}~${id}`;

/** null where no instance of the scope has the marker's id, or the marker is none of this order. */
export function pageStore(db: Database, rare = RARE): (query: InstancesQuery, nowUtc: Instant) => PageOfIds | null {
  const prepared = new Map<string, Statement<[Parameters], unknown>>();
  function statement<T>(sql: string): Statement<[Parameters], T> {
    const known = prepared.get(sql) ?? db.prepare<[Parameters], unknown>(sql);
    prepared.set(sql, known);
    return known as Statement<[Parameters], T>;
  }

  function keyOf({ sort, marker, scope }: InstancesQuery): Key | null {
    const at = marker?.lastIndexOf('~') ?? -1;
    const id = marker?.slice(at + 1) ?? '';
    if (at >= 0) {
      const text = marker?.slice(0, at) ?? '';
      if (sort === 'name') return { id, key: text };
      if (text === '') return CAN_BE_NULL[sort] ? { id, key: null } : null;
      return Number.isFinite(Number(text)) ? { id, key: Number(text) } : null;
    }
    const column = COLUMN[sort].split(' ')[0];
    const sql = `SELECT instance_id AS id, ${column} AS key FROM listing
      WHERE instance_id = @id AND (@projectId IS NULL OR project_id = @projectId)`;
    return statement<Key>(sql).get({ id, projectId: scope }) ?? null;
  }

  function rarityOf(query: InstancesQuery, given: Parameters): string | null {
    const isAll = query.scope === null;
    const few = (where: string): boolean => {
      const sql = `SELECT count(*) AS n FROM (${idsWhere(where, isAll)} LIMIT ${rare + 1})`;
      return (statement<{ n: number }>(sql).get(given)?.n ?? 0) <= rare;
    };
    return rarities(query).find(few) ?? null;
  }

  function givenOf(query: InstancesQuery, from: Key | null, nowUtc: Instant): Parameters {
    const { scope, state, datastore, policy, name, gone } = query;
    const filters = { state, datastore, policy, name: name === null ? null : like(name), gone: gone ? 1 : 0 };
    return { ...filters, projectId: scope, nowUtc, id: from?.id ?? '', key: from?.key ?? null };
  }

  /** What has no value comes last, whichever way. */
  function keysAfter(query: InstancesQuery, from: Key | null, nowUtc: Instant): readonly Key[] {
    const { scope, sort, descending } = query;
    const given = givenOf(query, from, nowUtc);
    const filters = FILTERS.filter((filter) => query[filter] !== null);
    const form = { sort, descending, isAll: scope === null, filters, rarity: rarityOf(query, given) };
    const most = query.limit + 1;
    const read = (part: Form['part'], isAfter: boolean, limit: number): readonly Key[] =>
      statement<Key>(sqlOf({ ...form, part, isAfter }, rare)).all({ ...given, limit });
    if (from !== null && from.key === null) return read('nulls', true, most);
    const values = read('values', from !== null, most);
    return values.length === most || !CAN_BE_NULL[sort]
      ? values
      : [...values, ...read('nulls', false, most - values.length)];
  }

  return (query, nowUtc) => {
    const from = query.marker === null ? null : keyOf(query);
    if (query.marker !== null && from === null) return null;
    const rows = keysAfter(query, from, nowUtc);
    const last = rows[query.limit - 1];
    return {
      ids: rows.slice(0, query.limit).map(({ id }) => id),
      next: rows.length > query.limit && last ? markerOf(last) : null,
    };
  };
}
