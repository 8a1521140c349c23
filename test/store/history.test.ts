import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { SEEN } from '../../daemon/store/absences.ts';
import { sqliteStore } from '../../daemon/store/index.ts';
import { listingStore } from '../../daemon/store/listing.ts';
import { TOLD } from '../../daemon/store/protection.ts';
import { everyQuery, everyRunsQuery } from './fleet.ts';
import { claimOne, FULL, NOW, OWNER, tempFolder, WIDE } from './world.ts';

afterEach(() => vi.restoreAllMocks());

/** How SQLite would carry a statement out, whatever its parameters are. */
function planOf(db: Database.Database, sql: string): readonly string[] {
  const named = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, 1]));
  const unnamed = [...sql.matchAll(/\?/g)].map(() => '[]');
  const explain = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  const rows = Object.keys(named).length > 0 ? explain.all(named) : explain.all(...unnamed);
  return rows.map(({ detail }) => detail);
}

/** A step that goes over a table, or over an index that is not of open rows alone, from end to end: years of history, while the daemon's only thread waits. */
const readsAll = (detail: string): boolean =>
  /^SCAN (?!\(|json_each|\w+ VIRTUAL TABLE|CONSTANT|\d+ CONSTANT|\w+ USING INDEX \w+_open)/.test(detail) ||
  /^SEARCH \w+ USING PRIMARY KEY$/.test(detail);

/** What is to go over all that is known, and is none of the loops' that hand out runs and follow them. */
const MAY_READ_ALL: readonly RegExp[] = [
  /FROM instances WHERE gone_utc IS NULL/, // what a complete list lacks
  /FROM schedules s LEFT JOIN told/, // who is late
  /FROM told t LEFT JOIN schedules/, // who was
  /FROM stuck s JOIN instances/, // the few backups that an operator has to see to
  /FROM tallies/, // a dozen rows
  /FROM project_tallies t/, // a row a project, and an index for each
  /SELECT count\(\*\) AS (n|notes,.*) FROM notes/, // bounded: at most 100,000 rows
];

/** What is looked up in the triggers, which no EXPLAIN of the statement that fires them tells. */
function lookUpsOfTriggers(db: Database.Database): readonly string[] {
  const sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger'";
  const texts = db
    .prepare<[], { sql: string }>(sql)
    .all()
    .map((row) => row.sql);
  return texts
    .flatMap((text) => text.match(/SELECT min\(\w+\) FROM [^)]+/g) ?? [])
    .map((s) => s.replace(/new\.\w+|old\.\w+/g, '?'));
}

/** All that lists can be asked for: their statements are made when they are. */
async function askAll(path: string, runId: string): Promise<void> {
  const db = new Database(path, { readonly: true });
  for (const rare of [-1, 2_000]) {
    const listing = listingStore(db, rare);
    for (const query of everyQuery()) await listing.instances(query, NOW);
  }
  const listing = listingStore(db);
  await listing.instance('db-1', null, NOW);
  for (const scope of [null, 'p1']) await listing.overview(scope, NOW);
  await listing.region(NOW);
  for (const query of everyRunsQuery()) await listing.runs({ ...query, marker: query.marker && runId });
  db.close();
}

test('no statement of the loops reads a table from end to end', async () => {
  const statements = new Set<string>();
  const prepare = Database.prototype.prepare;
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    statements.add(sql);
    return prepare.call(this, sql);
  });
  const path = join(tempFolder(), 'autobackup.sqlite');
  const store = sqliteStore({ path, owner: OWNER, nowUtc: NOW });
  const runId = await claimOne(store);
  await askAll(path, runId);
  await store.ledger.recordIntent(runId, FULL, NOW, WIDE);
  vi.restoreAllMocks();

  const db = new Database(path, { readonly: true });
  db.exec(SEEN);
  db.exec(TOLD);
  const judged = [...statements].filter((sql) => !MAY_READ_ALL.some((may) => may.test(sql)));
  const lookUps = lookUpsOfTriggers(db);
  expect(judged.length).toBeGreaterThan(30);
  expect(lookUps.length).toBeGreaterThanOrEqual(5);
  for (const sql of [...judged, ...lookUps]) expect(planOf(db, sql).filter(readsAll), sql).toEqual([]);
  const inOrder = judged.filter(
    (sql) =>
      /INDEXED BY runs_(of|amiss|demanded)|^SELECT instance_id AS id/.test(sql) &&
      !/instance_id IN|@id AND \(@pro/.test(sql),
  );
  expect(inOrder.length).toBeGreaterThan(50);
  const further = inOrder.filter((sql) => /@key OR|@slotUtc/.test(sql));
  expect(further.length).toBeGreaterThan(20);
  for (const sql of further) expect(planOf(db, sql)[0], `a page begins where the last ended: ${sql}`).toMatch(/[<>]/);
  for (const sql of inOrder)
    expect(
      planOf(db, sql).filter((step) => step.includes('TEMP B-TREE')),
      sql,
    ).toEqual([]);
  for (const sql of judged.filter((text) => !text.includes('INDEXED BY runs_'))) {
    const steps = planOf(db, sql).filter((step) => /INDEX runs_(of|amiss|demanded_of)/.test(step));
    expect(steps, `the whole history of a project is for lists alone: ${sql}`).toEqual([]);
  }
  const reading = "SELECT count(*) FROM runs WHERE state = 'running'";
  expect(planOf(db, reading).some(readsAll), 'a scan is told').toBe(true);
  db.close();
  store.close();
});
