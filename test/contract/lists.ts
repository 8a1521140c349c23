import { beforeAll, expect, it } from 'vitest';
import { expectShape } from './shape.ts';
import { accepted, MANY, order, type Stage } from './stage.ts';
import { nextOf, rowsOf } from './user.ts';

export function describeLists(stage: Stage): void {
  let ids: readonly string[] = [];

  beforeAll(async () => {
    const made: string[] = [];
    for (let at = 0; at < MANY; at++) made.push((await order(stage.cast.many, { name: `many-${at}` })).id);
    ids = made.sort();
  });

  it.each(['', '?limit=1000'])('instances come 20 a page at most: %s', async (query) => {
    const { many } = stage.cast;
    const first = await many.get(`/instances${query}`);
    expect(rowsOf(first, 'instances')).toHaveLength(20);
    const next = nextOf(first);
    expect(next?.protocol).toBe('https:');
    expect(next?.pathname).toBe(new URL(`${many.troveUrl}/instances`).pathname);
    expect(next?.searchParams.get('marker')).toBe(ids[19]);
    const last = await many.get(`/instances?marker=${ids[19]}`);
    expect(rowsOf(last, 'instances').map(({ id }) => id)).toEqual([ids[20]]);
    expect(nextOf(last)).toBeUndefined();
  });

  it('pages of instances go by id, though a page itself shows the newest first', async () => {
    const { many } = stage.cast;
    const page = rowsOf(await many.get('/instances?limit=5'), 'instances');
    expect(page.map(({ id }) => id).sort()).toEqual(ids.slice(0, 5));
    const second = rowsOf(await many.get(`/instances?limit=5&marker=${ids[4]}`), 'instances');
    expect(second.map(({ id }) => id).sort()).toEqual(ids.slice(5, 10));
  });

  it('a marker need not be an instance that is there', async () => {
    const rest = rowsOf(await stage.cast.many.get('/instances?marker=ffffffff'), 'instances');
    expect(rest.every(({ id }) => id > 'ffffffff')).toBe(true);
  });

  it('mgmt/instances gives everything in one answer, whatever the limit says', async () => {
    const { admin, many } = stage.cast;
    const answer = await admin.get(`/mgmt/instances?deleted=false&limit=2&project_id=${many.projectId}`);
    expect(
      rowsOf(answer, 'instances')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
    expect(nextOf(answer)).toBeUndefined();
  });

  it.each(['/instances?limit=x', '/backups?limit=x', '/backups?marker=x', '/backups?marker=-1', '/backups?limit=-1'])(
    'a number that is none makes Trove stumble: %s',
    async (path) => {
      const answer = await stage.cast.one.get(path);
      expect(answer.status).toBe(500);
      expect(answer.body).toEqual({
        instanceFault: { code: 500, message: expect.stringContaining('Internal Server Error.') },
      });
    },
  );

  it('backups come 20 a page unless more are asked for, newest first, with the offset as marker', async () => {
    const { many } = stage.cast;
    await Promise.all(ids.map((id) => stage.ready(many, id)));
    // Trove's conductor does two reports side by side that reach it together, and may write the earlier one last.
    await stage.control({ backupMs: 3_000 });
    for (const instance of ids) accepted(await many.backup({ name: 'one-each', instance }));
    await stage.eventually('all backups COMPLETED', async () =>
      rowsOf(await many.get('/backups?limit=1000'), 'backups').every(({ status }) => status === 'COMPLETED'),
    );
    await stage.control({ backupMs: 300 });

    const first = await many.get('/backups');
    expect(rowsOf(first, 'backups')).toHaveLength(20);
    expect(nextOf(first)?.searchParams.get('marker')).toBe('20');
    const second = await many.get('/backups?marker=20');
    expect(rowsOf(second, 'backups')).toHaveLength(MANY - 20);
    expect(nextOf(second)).toBeUndefined();
    const all = await many.get('/backups?limit=1000');
    expect(rowsOf(all, 'backups')).toHaveLength(MANY);
    expect(nextOf(all)).toBeUndefined();
    const updated = rowsOf(all, 'backups').map((row) => String(row['updated']));
    expect(updated).toEqual([...updated].sort().reverse());
  });

  it('a full page promises another one, even if that is empty', async () => {
    const { many } = stage.cast;
    const full = await many.get(`/backups?limit=${MANY}&marker=0`);
    expectShape(full.body, 'backups, a page', ['backups[].parent_id']);
    expect(nextOf(full)?.searchParams.get('marker')).toBe(String(MANY));
    const empty = await many.get(`/backups?limit=${MANY}&marker=${MANY}`);
    expect(empty.body).toEqual({ backups: [] });
  });

  it('backups of one instance page alike', async () => {
    const { many } = stage.cast;
    const path = `/instances/${ids[0]}/backups?limit=1`;
    const page = await many.get(path);
    expect(rowsOf(page, 'backups')).toMatchObject([{ instance_id: ids[0] }]);
    expect(nextOf(page)?.pathname).toBe(new URL(`${many.troveUrl}/instances/${ids[0]}/backups`).pathname);
    expect(rowsOf(await many.get(`/backups?instance_id=${ids[1]}`), 'backups')).toMatchObject([
      { instance_id: ids[1] },
    ]);
    expect((await many.get('/backups?instance_id=nosuch')).body).toEqual({ backups: [] });
  });
}
