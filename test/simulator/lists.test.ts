import { describe, expect, it } from 'vitest';
import { nextOf, rowsOf, type User } from '../contract/user.ts';
import { openWorld, START_UTC } from './world.ts';

const MINUTE_MS = 60_000;

async function names(user: User, path: string, key: 'backups' | 'instances' = 'backups'): Promise<readonly string[]> {
  return rowsOf(await user.get(path), key).map(({ name }) => name);
}

describe('pages of backups are offsets into a list that moves', () => {
  async function fourBackups() {
    const world = await openWorld();
    const rows = ['d', 'c', 'b', 'a'].map((name, at) =>
      world.region.createBackup({ instanceId: world.instance, name, createdUtc: START_UTC - (10 - at) * MINUTE_MS }),
    );
    return { ...world, rows };
  }

  it('a backup that starts between two pages shows one row twice', async () => {
    const { clock, demo, instance } = await fourBackups();
    const first = await names(demo, '/backups?limit=2');
    clock.advance(MINUTE_MS);
    await demo.backup({ name: 'new', instance });
    const second = await names(demo, '/backups?limit=2&marker=2');
    expect([first, second]).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ]);
  });

  it('a backup that is deleted between two pages hides one row', async () => {
    const { demo, region, rows } = await fourBackups();
    const first = await names(demo, '/backups?limit=2');
    region.deleteBackup(rows[3]?.id ?? '');
    const second = await names(demo, '/backups?limit=2&marker=2');
    expect([first, second]).toEqual([['a', 'b'], ['d']]);
  });

  it('a row that changes moves to the front', async () => {
    const { clock, demo, instance } = await fourBackups();
    await demo.backup({ name: 'long', instance });
    clock.advance(50);
    expect(await names(demo, '/backups')).toEqual(['long', 'a', 'b', 'c', 'd']);
    clock.advance(MINUTE_MS);
    expect(await names(demo, '/backups?limit=1')).toEqual(['long']);
  });

  it('asks for a datastore by name', async () => {
    const { demo, region } = await fourBackups();
    const { id } = region.createInstance({ projectName: 'demo', name: 'pg', datastore: 'postgresql' });
    region.createBackup({ instanceId: id, name: 'of-pg' });
    expect(await names(demo, '/backups?datastore=postgresql')).toEqual(['of-pg']);
    expect((await demo.get('/backups?datastore=nosuch')).status).toBe(404);
  });
});

describe('mgmt/instances since 2026-02', () => {
  async function fleet() {
    const world = await openWorld({ trove: 'master' });
    const [first, ...others] = Array.from({ length: 24 }, (_, at) =>
      world.region.createInstance({
        projectName: 'alt',
        name: `db-${at}`,
        createdUtc: START_UTC - (30 - at) * MINUTE_MS,
      }),
    );
    return { ...world, oldest: first?.id ?? '', others };
  }

  it('comes 20 a page, with a link to the next by offset', async () => {
    const { admin } = await fleet();
    const first = await admin.get('/mgmt/instances');
    expect(rowsOf(first, 'instances')).toHaveLength(20);
    expect(nextOf(first)?.searchParams.get('marker')).toBe('20');
    const second = await admin.get('/mgmt/instances?marker=20');
    expect(rowsOf(second, 'instances')).toHaveLength(5);
    expect(nextOf(second)).toBeUndefined();
    expect(rowsOf(await admin.get('/mgmt/instances?limit=1000'), 'instances')).toHaveLength(25);
  });

  it('loses a row between two pages when another changes', async () => {
    const { admin, region, clock, oldest } = await fleet();
    const first = await names(admin, '/mgmt/instances', 'instances');
    clock.advance(MINUTE_MS);
    region.changeInstance(oldest, { task: 'RESIZING' });
    const second = await names(admin, '/mgmt/instances?marker=20', 'instances');
    const seen = new Set([...first, ...second]);
    expect(first).not.toContain('db-0');
    expect(seen.has('db-0')).toBe(false);
  });
});

it('ten thousand instances and ten thousand requests are no trouble', { timeout: 15_000 }, async () => {
  const { admin, demo, region } = await openWorld({ maxBackups: 100_000 });
  const ids = Array.from(
    { length: 10_000 },
    (_, at) => region.createInstance({ projectName: 'demo', name: `db-${at}` }).id,
  );
  for (const instance of ids.slice(0, 5000)) await demo.backup({ name: 'b', instance });
  for (const id of ids.slice(0, 5000)) await demo.get(`/instances/${id}`);
  expect(rowsOf(await demo.get('/backups?limit=10000'), 'backups')).toHaveLength(5000);
  expect(rowsOf(await admin.get('/mgmt/instances'), 'instances')).toHaveLength(10_001);
});
