import { expect, it } from 'vitest';
import { capture, expectShape } from './shape.ts';
import type { Stage } from './stage.ts';
import { rowOf, rowsOf } from './user.ts';

const NOWHERE = '00000000-0000-0000-0000-000000000000';

export function describeAccess(stage: Stage): void {
  it('no such token: 401 in a form of its own', async () => {
    const { one, target } = stage.cast;
    const response = await target.fetch(`${one.troveUrl}/backups`, { headers: { 'X-Auth-Token': 'nonsense' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('Www-Authenticate')).toMatch(/^Keystone uri=/);
    expect(await response.json()).toEqual(capture('no such token').body);
  });

  it.each([
    [
      'application/json',
      'application/json',
      (body: unknown) => expectShape(body, 'the admin with the tenant id in the path'),
    ],
    ['*/*', 'text/html; charset=UTF-8', (body: unknown) => expect(body).toContain('<h1>403 Forbidden</h1>')],
    ['application/json, */*', 'text/html; charset=UTF-8', (body: unknown) => expect(body).toContain('cannot access')],
    [
      'application/json, */*;q=0.5',
      'application/json',
      (body: unknown) => expect(body).toMatchObject({ title: 'Forbidden' }),
    ],
    [
      'text/plain',
      'application/json',
      (body: unknown) =>
        expect(body).toEqual({ forbidden: { code: 403, message: 'Access was denied to this resource.' } }),
    ],
  ])(
    'the project in the path must be the token’s, an admin’s too; with Accept: %s the 403 is %s',
    async (accept, type, check) => {
      const { admin, one } = stage.cast;
      const answer = await admin.requestUrl('GET', `${one.troveUrl}/instances`, { headers: { Accept: accept } });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('Content-Type')).toBe(type);
      check(answer.body);
    },
  );

  it('a member sees no other project’s instance or backup', async () => {
    const { one, two, main } = stage.cast;
    const hidden = await two.get(`/instances/${main}`);
    expect(hidden.status).toBe(404);
    expect(hidden.body).toEqual({ itemNotFound: { code: 404, message: `Resource ${main} cannot be found.` } });
    const backup = await stage.made(one, { name: 'mine', instance: main });
    expect((await two.get(`/backups/${backup.id}`)).status).toBe(404);
    expect((await two.delete(`/backups/${backup.id}`)).status).toBe(404);
    expect((await two.backup({ name: 'theft', instance: main })).status).toBe(404);
    expect((await two.backup({ name: 'theft', instance: stage.cast.foreign, parent_id: backup.id })).status).toBe(404);
  });

  it('a member may not see all instances: 401, though the token is good', async () => {
    const answer = await stage.cast.one.get('/mgmt/instances');
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(capture('instances of all projects, as a member').body);
    expect((await stage.cast.one.get(`/mgmt/instances/${stage.cast.main}`)).status).toBe(401);
  });

  it('a member may not see all backups: 403, even of the own project by its id', async () => {
    const { one } = stage.cast;
    for (const query of ['all_projects=true', `project_id=${one.projectId}`]) {
      const answer = await one.get(`/backups?${query}`);
      expect(answer.status).toBe(403);
      expect(answer.body).toEqual(capture('backups of all projects, as a member').body);
    }
    expect((await one.get('/backups?all_projects=false')).status).toBe(200);
  });

  it('an admin sees every instance, whose project it says', async () => {
    const { admin, one, main } = stage.cast;
    const answer = await admin.get(`/instances/${main}`);
    expect(answer.status).toBe(200);
    expect(rowOf(answer, 'instance')['tenant_id']).toBe(one.projectId);
  });

  it('an admin sees all backups, or those of one project', async () => {
    const { admin, one, two } = stage.cast;
    await stage.made(two, { name: 'of-two', instance: stage.cast.foreign });
    const projects = async (query: string) =>
      new Set(rowsOf(await admin.get(`/backups?limit=1000&${query}`), 'backups').map((row) => row['project_id']));
    expect([...(await projects('all_projects=True'))]).toEqual(expect.arrayContaining([one.projectId, two.projectId]));
    expect([...(await projects(`project_id=${two.projectId}`))]).toEqual([two.projectId]);
  });

  it.each(['/nosuch', '/backups/x/y', '/'])('nothing is at %s', async (path) => {
    const answer = await stage.cast.one.get(path);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({ itemNotFound: { code: 404, message: 'The resource could not be found.' } });
  });

  it.each([`/instances/${NOWHERE}`, `/backups/${NOWHERE}`, `/instances/${NOWHERE}/backups`])(
    'what is not there is named in the 404: %s',
    async (path) => {
      const answer = await stage.cast.one.get(path);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ itemNotFound: { code: 404, message: `Resource ${NOWHERE} cannot be found.` } });
    },
  );

  it('every answer has a Date, and none a request id', async () => {
    const { headers } = await stage.cast.one.get('/backups');
    expect(Math.abs(Date.parse(headers.get('Date') ?? '') - Date.now())).toBeLessThan(10_000);
    expect(headers.get('x-openstack-request-id')).toBeNull();
  });
}
