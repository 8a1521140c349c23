import { expect, it } from 'vitest';
import { capture, expectShape } from './shape.ts';
import { accepted, type Stage } from './stage.ts';
import { rowOf, rowsOf } from './user.ts';

const NOWHERE = '00000000-0000-0000-0000-000000000000';
const DESCRIPTION = 'backup.description';
const TEXT = '^.*[0-9a-zA-Z]+.*$';
const UUID = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$';

export function describeBackups(stage: Stage): void {
  it('a backup is NEW when it is accepted, then runs, then COMPLETED', async () => {
    const { one, main } = stage.cast;
    const answer = await one.backup({ name: 'full-1', description: 'first', instance: main });
    expect(answer.status).toBe(202);
    expectShape(answer.body, 'create a full backup');
    expect(rowOf(answer, 'backup')).toMatchObject({ status: 'NEW', size: null, locationRef: null, parent_id: null });

    const ended = await stage.ended(one, accepted(answer).id);
    expectShape({ backup: ended }, 'a backup');
    expect(ended).toMatchObject({ status: 'COMPLETED', instance_id: main, description: 'first' });
    expect(ended['locationRef']).toMatch(new RegExp(`/database_backups/${ended.id}\\.xbstream\\.gz\\.enc$`));
  });

  it('while one runs the instance says BACKUP, a second is a 422, and it cannot be deleted', async () => {
    const { one, main } = stage.cast;
    await stage.control({ backupMs: 1500 });
    const { id } = accepted(await one.backup({ name: 'running', instance: main }));
    await stage.control({ backupMs: 300 });

    const second = await one.backup({ name: 'second', instance: main });
    expect(second.status).toBe(422);
    expectShape(second.body, 'create a backup while one runs');
    expect(JSON.stringify(second.body)).toContain(
      `Instance ${main} is not currently available for an action to be performed (instance status was BACKUP).`,
    );

    const instance = await one.get(`/instances/${main}`);
    expectShape(instance.body, 'the instance while a backup runs');
    expect(rowOf(instance, 'instance')).toMatchObject({
      status: 'BACKUP',
      fault: { message: expect.stringContaining('to be performed\n(instance status was BACKUP).') },
    });

    const deletion = await one.delete(`/backups/${id}`);
    expect(deletion.status).toBe(422);
    expect(deletion.body).toEqual({
      unprocessableEntity: { code: 422, message: `Backup ${id} cannot be deleted because it is running.` },
    });
    await stage.eventually(
      'BUILDING',
      async () => rowOf(await one.get(`/backups/${id}`), 'backup').status === 'BUILDING',
    );
    expect((await stage.ended(one, id)).status).toBe('COMPLETED');
    expect((await stage.ready(one, main)).status).toBe('ACTIVE');
  });

  it('a backup that fails is FAILED, without size or location, and holds its unit of the quota', async () => {
    const { one, other } = stage.cast;
    const before = await inUse();
    await stage.control({ fail: [other] });
    const { id } = accepted(await one.backup({ name: 'fails', instance: other }));
    const row = await stage.ended(one, id);
    await stage.control({ fail: [] });
    expect(row).toMatchObject({ status: 'FAILED', size: null, locationRef: null });
    expect(await inUse()).toBe(before + 1);
    expect((await one.delete(`/backups/${id}`)).status).toBe(202);
    await stage.gone(one, id);
    expect(await inUse()).toBe(before);

    async function inUse(): Promise<number> {
      const { body } = await one.get(`/mgmt/quotas/${one.projectId}`);
      const { quotas } = body as { quotas: readonly { resource: string; in_use: number }[] };
      return quotas.find(({ resource }) => resource === 'backups')?.in_use ?? Number.NaN;
    }
  });

  it('a row stuck in NEW blocks every later backup of its instance', async () => {
    const { one, other } = stage.cast;
    await stage.control({ stuck: [other] });
    const { id } = accepted(await one.backup({ name: 'stuck', instance: other }));
    expect((await one.backup({ name: 'behind', instance: other })).status).toBe(422);
    expect((await one.delete(`/backups/${id}`)).status).toBe(422);
    expect(rowOf(await one.get(`/backups/${id}`), 'backup').status).toBe('NEW');
    await stage.control({ stuck: [] });
  });

  it('any role will do: a user with nothing but database_backup makes a backup that is the tenant’s', async () => {
    const { one, service, main } = stage.cast;
    const { id } = accepted(await service.backup({ name: 'by-service', instance: main }));
    await stage.ended(service, id);
    expect(rowOf(await one.get(`/backups/${id}`), 'backup')['project_id']).toBe(one.projectId);
  });

  it('a backup is the token’s project’s: what an admin makes of a tenant’s instance, the tenant never sees', async () => {
    const { one, admin, main } = stage.cast;
    const row = accepted(await admin.backup({ name: 'by-admin', instance: main }));
    expect(row).toMatchObject({ project_id: admin.projectId, instance_id: main });
    await stage.ended(admin, row.id);
    expect((await one.get(`/backups/${row.id}`)).status).toBe(404);
    expect(await stage.names(one)).not.toContain('by-admin');
    expect(
      rowsOf(await one.get(`/instances/${main}/backups?limit=1000`), 'backups').map(({ name }) => name),
    ).not.toContain('by-admin');
    expect(
      rowsOf(await admin.get(`/instances/${main}/backups?limit=1000`), 'backups').map(({ name }) => name),
    ).toContain('by-admin');
    expect((await admin.delete(`/backups/${row.id}`)).status).toBe(202);
    await stage.gone(admin, row.id);
  });

  it('names need not be unique: there is nothing that makes a POST the same as another', async () => {
    const { one, main } = stage.cast;
    const [first, second] = [
      await stage.made(one, { name: 'twin', instance: main }),
      await stage.made(one, { name: 'twin', instance: main }),
    ];
    expect(first.id).not.toBe(second.id);
    expect((await stage.names(one)).filter((name) => name === 'twin')).toHaveLength(2);
  });

  it('255 characters may be a name or a description', async () => {
    const { one, main } = stage.cast;
    const longest = 'd'.repeat(255);
    const row = await stage.made(one, { name: longest, description: longest, instance: main });
    expect([row.name, row['description']]).toEqual([longest, longest]);
  });

  it.each([
    ['no name', { instance: NOWHERE }, "backup 'name' is a required property"],
    ['an empty name', { name: '' }, `backup['name'] '' is too short; backup['name'] '' does not match '${TEXT}'`],
    ['a name of one dash', { name: '-' }, `backup['name'] '-' does not match '${TEXT}'`],
    ['a name that is a number', { name: 7 }, "backup['name'] 7 is not of type 'string'"],
    ['a name of 256', { name: 'n'.repeat(256) }, `backup['name'] '${'n'.repeat(256)}' is too long`],
    [
      'a description of 256',
      { name: 'x', description: 'd'.repeat(256) },
      `backup['description'] '${'d'.repeat(256)}' is too long`,
    ],
    ['a description of null', { name: 'x', description: null }, "backup['description'] None is not of type 'string'"],
    ['an instance that is no uuid', { name: 'x', instance: 'y' }, `backup['instance'] 'y' does not match '${UUID}'`],
    ['incremental: true', { name: 'x', incremental: true }, "backup['incremental'] True is not of type 'integer'"],
    [
      'several at once',
      { name: 'x', description: '-', incremental: 2, parent_id: 'q' },
      `backup['description'] '-' does not match '${TEXT}'; backup['incremental'] 2 is greater than the maximum of 1; backup['parent_id'] 'q' does not match '${UUID}'`,
    ],
  ])('%s is refused by name', async (_, backup, problem) => {
    const answer = await stage.cast.one.backup(backup);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ badRequest: { code: 400, message: `Validation error: ${problem}` } });
  });

  it('an instance must be given', async () => {
    expect((await stage.cast.one.backup({ name: 'x' })).body).toEqual({
      badRequest: { code: 400, message: 'instance is missing.' },
    });
  });

  it('an instance that is not there is a 404, with the captured fields', async () => {
    const answer = await stage.cast.one.backup({ name: 'x', instance: NOWHERE });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(capture('an instance that does not exist').body);
  });

  it.each([
    ['broken JSON', 400, '{', 'application/json'],
    ['an empty object', 500, '{}', 'application/json'],
    ['another type than JSON', 415, '{}', 'text/plain'],
  ])('%s as a body is a %i', async (_, status, body, type) => {
    const { one } = stage.cast;
    expect((await one.request('POST', '/backups', { body, headers: { 'Content-Type': type } })).status).toBe(status);
  });

  it('a backup without a description has null there, and the captured fields else', async () => {
    const { one, main } = stage.cast;
    const answer = await one.backup({ name: 'bare', instance: main });
    expectShape(answer.body, 'create a full backup', [DESCRIPTION]);
    expect(rowOf(answer, 'backup')['description']).toBeNull();
    await stage.ended(one, accepted(answer).id);
  });
}
