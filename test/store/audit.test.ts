import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AuditIntent } from '../../daemon/ports/audit.ts';
import { NOW, openWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});

const INTENT: AuditIntent = {
  projectId: 'project-a',
  userId: 'user-1',
  userName: 'anna',
  action: 'schedule:change',
  targetId: 'db-1',
  before: { enabled: true },
  requestId: 'req-1',
};
const begin = (over: Partial<AuditIntent> = {}, nowUtc = NOW) => world.audit.begin({ ...INTENT, ...over }, nowUtc);
const ids = async (over: Partial<Parameters<World['audit']['entries']>[0]> = {}) =>
  (await world.audit.entries({ projectId: null, targetId: null, limit: 100, before: null, ...over })).map(
    ({ id }) => id,
  );

test('an entry has what was asked for, and has no end until it ended', async () => {
  const id = await begin();
  const query = { projectId: 'project-a', targetId: null, limit: 10, before: null };
  expect(await world.audit.entries(query)).toEqual([{ ...INTENT, id, atUtc: NOW, ended: null }]);
  await world.audit.end(id, 'done', { enabled: false });
  const ended = { outcome: 'done', after: { enabled: false } };
  expect(await world.audit.entries(query)).toEqual([{ ...INTENT, id, atUtc: NOW, ended }]);
});

test('nothing before and nothing after are null', async () => {
  const id = await begin({ before: undefined });
  await world.audit.end(id, 'failed', undefined);
  const [entry] = await world.audit.entries({ projectId: null, targetId: null, limit: 1, before: null });
  expect(entry).toMatchObject({ before: null, ended: { outcome: 'failed', after: null } });
});

test('it is on the disk when the call resolves, and read again by the next life', async () => {
  const id = await begin();
  world.close();
  world = openWorld({ path: world.path });
  expect(await ids()).toEqual([id]);
  expect(Number(await begin({ requestId: 'req-2' }, NOW - 1_000))).toBeGreaterThan(Number(id));
});

describe('of many entries', () => {
  const made: string[] = [];
  beforeEach(async () => {
    made.splice(0);
    for (const n of [0, 1, 2, 3, 4, 5]) {
      made.push(await begin({ projectId: n % 2 === 0 ? 'project-a' : 'project-b', targetId: `db-${n % 3}` }));
    }
  });
  const numbers = async (over: Parameters<typeof ids>[0]) => (await ids(over)).map((id) => made.indexOf(id));

  test.each([
    { query: {}, gives: [5, 4, 3, 2, 1, 0] },
    { query: { projectId: 'project-a' }, gives: [4, 2, 0] },
    { query: { targetId: 'db-1' }, gives: [4, 1] },
    { query: { projectId: 'project-a', targetId: 'db-1' }, gives: [4] },
    { query: { projectId: 'project-c' }, gives: [] },
    { query: { limit: 2 }, gives: [5, 4] },
  ])('$query gives the newest first: $gives', async ({ query, gives }) => {
    expect(await numbers(query)).toEqual(gives);
  });

  test('pages go on where the last one ended', async () => {
    const pages: number[][] = [];
    for (let before: string | null = null; ; before = made[pages.at(-1)?.at(-1) ?? -1] ?? null) {
      const page = await numbers({ projectId: 'project-a', limit: 2, before });
      if (page.length === 0) break;
      pages.push(page);
    }
    expect(pages).toEqual([[4, 2], [0]]);
  });
});

describe('nothing of it is changed or taken away', () => {
  const ONLY_ADDED = 'the audit is only ever added to';
  const THERE = 'the audit has this line already';

  test.each([
    ["UPDATE audit_intents SET user_name = 'mallory'", ONLY_ADDED],
    ['DELETE FROM audit_intents', ONLY_ADDED],
    ["UPDATE audit_outcomes SET outcome = 'refused'", ONLY_ADDED],
    ['DELETE FROM audit_outcomes', ONLY_ADDED],
    ["INSERT OR REPLACE INTO audit_intents SELECT entry_id, 0, '', '', '', '', '', '', '' FROM audit_intents", THERE],
    ["INSERT OR REPLACE INTO audit_outcomes SELECT entry_id, 'failed', 'null' FROM audit_intents", THERE],
  ])('%s', async (sql, says) => {
    const id = await begin();
    await world.audit.end(id, 'done', null);
    const db = new Database(world.path);
    expect(() => db.exec(sql)).toThrow(says);
    db.close();
    const [entry] = await world.audit.entries({ projectId: null, targetId: null, limit: 1, before: null });
    expect(entry).toMatchObject({ userName: 'anna', ended: { outcome: 'done' } });
  });

  test('an entry ends once, and only one that was begun', async () => {
    const id = await begin();
    await world.audit.end(id, 'refused', null);
    await expect(world.audit.end(id, 'done', null)).rejects.toThrow(THERE);
    await expect(world.audit.end('999', 'done', null)).rejects.toThrow('FOREIGN KEY');
  });
});
