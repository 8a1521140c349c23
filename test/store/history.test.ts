import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test, vi } from 'vitest';
import { sqliteStore } from '../../daemon/store/index.ts';
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

/** A step that reads the table of runs from end to end: years of history, while the daemon's only thread waits. */
const readsAllRuns = (detail: string): boolean =>
  /^SCAN (runs|r)\b(?!.*runs_open)/.test(detail) || /^SEARCH (runs|r) USING PRIMARY KEY$/.test(detail);

test('no statement reads the whole history of runs', async () => {
  const statements = new Set<string>();
  const prepare = Database.prototype.prepare;
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    statements.add(sql);
    return prepare.call(this, sql);
  });
  const path = join(tempFolder(), 'autobackup.sqlite');
  const store = sqliteStore({ path, owner: OWNER, nowUtc: NOW });
  const runId = await claimOne(store);
  await store.ledger.recordIntent(runId, FULL, NOW, WIDE);
  vi.restoreAllMocks();

  const db = new Database(path, { readonly: true });
  const about = [...statements].filter((sql) => /\bruns\b/.test(sql));
  expect(about.length).toBeGreaterThan(12);
  for (const sql of about) expect(planOf(db, sql).filter(readsAllRuns), sql).toEqual([]);
  expect(planOf(db, "SELECT count(*) FROM runs WHERE state = 'claimed'").some(readsAllRuns), 'a scan is told').toBe(
    true,
  );
  db.close();
  store.close();
});
