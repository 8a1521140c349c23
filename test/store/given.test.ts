import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { given } from '../../daemon/store/given.ts';

/** Microseconds of CPU that a call takes. */
function takes(call: () => unknown): number {
  const calls = 20_000;
  for (let n = 0; n < calls; n++) call();
  const before = process.cpuUsage();
  for (let n = 0; n < calls; n++) call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

test('a statement whose parameters are given so is compiled once, and finds the same by the same index', () => {
  const db = new Database(':memory:');
  db.exec(
    "CREATE TABLE t (id TEXT, at INTEGER, PRIMARY KEY (id, at)) WITHOUT ROWID; INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 3)",
  );
  const asked = (id: string, most: string): string =>
    `SELECT at FROM t WHERE id = ${id} ORDER BY at DESC LIMIT ${most}`;
  const plain = db.prepare(asked('?', '?'));
  const better = db.prepare(asked(given('?'), given('?')));
  for (const found of [better.all('a', 5), plain.all('a', 5)]) expect(found).toEqual([{ at: 2 }, { at: 1 }]);
  expect(better.all('a', 1)).toEqual([{ at: 2 }]);
  expect(
    db
      .prepare(asked('@id', '@most').replaceAll('@id', given('@id')).replaceAll('@most', given('@most')))
      .all({ id: 'b', most: 9 }),
  ).toEqual([{ at: 3 }]);
  const plan = db.prepare<[], { detail: string }>(
    `EXPLAIN QUERY PLAN ${asked(given('?'), given('?')).replaceAll('?', "'a'")}`,
  );
  expect(plan.all().map(({ detail }) => detail)).toContain('SEARCH t USING PRIMARY KEY (id=?)');
  // It is a seventh here; where it were compiled anew as well, about the same.
  expect(takes(() => better.all('a', 5))).toBeLessThan(takes(() => plain.all('a', 5)) * 0.6);
});
