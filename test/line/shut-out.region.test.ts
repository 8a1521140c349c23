import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { User } from '../contract/user.ts';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { openScene } from './scene.ts';

const MINUTE = 60_000;
let region: Region;
let admin: User;
let grant = '';

/** The id of the one thing of that kind and name, as an administrator finds it. */
async function idOf(kind: 'users' | 'roles', name: string): Promise<string> {
  const { body } = await admin.keystone(`/${kind}?name=${name}`);
  return (body as Record<typeof kind, readonly { readonly id: string }[]>)[kind][0]?.id ?? '';
}

beforeAll(async () => {
  region = regionAt(inject('region'));
  const { authUrl } = region;
  admin = await User.login({ authUrl, fetch }, { name: 'admin', password: 'secret', project: 'admin' });
  const [user, role] = [await idOf('users', 'autobackup'), await idOf('roles', 'database_backup')];
  grant = `/OS-INHERIT/domains/default/users/${user}/roles/${role}/inherited_to_projects`;
});
// The other tests need the role that is taken away here.
afterAll(() => admin.keystone(grant, {}, 'PUT'));

test(
  'a project that shuts us out: its run is followed as admin; what it deletes is gone by an admin and an operator',
  async () => {
    const reconcile = { every: '2s' };
    const scene = await openScene(region, 'leaving', { policy: 'every: 1h', settings: { reconcile } });
    const { stage, user } = scene;
    const { daemon } = stage;
    const ids: string[] = [];
    await daemon.start();
    for (let n = 0; n < 4; n++) ids.push(await scene.instance(`leaving-${n}`));
    await region.control({ backup_s: 8 });
    const instance = await scene.instance('leaving-4');
    ids.push(instance);
    await scene.next('run.submitted', instance, 0);
    expect((await admin.keystone(grant, {}, 'DELETE')).status).toBe(204);
    // Trove takes a token for some minutes that it has seen: only a new life asks for another.
    await daemon.end('SIGTERM');
    const from = daemon.lines.length;
    await daemon.start();
    await scene.next('run.completed', instance, from);
    expect(daemon.lines.slice(from).filter(({ event }) => event === 'track.failed')).toEqual([]);

    // Seen one by one the first of them might go as they may.
    await daemon.end('SIGTERM');
    for (const id of ids) {
      const isTaken = async () => (await user.request('DELETE', `/instances/${id}`)).status !== 422;
      await waitFor(isTaken, { timeoutMs: MINUTE });
    }
    const left = async () => ((await user.request('GET', '/instances')).body as { instances: unknown[] }).instances;
    await waitFor(async () => (await left()).length === 0, { timeoutMs: MINUTE });
    await daemon.start();
    const alarm = await daemon.event('reconcile.mass_vanish', { from, timeoutMs: MINUTE });
    expect(alarm).toMatchObject({ level: 'error', project: user.projectId, known: 5 });
    expect(daemon.lines.filter(({ event }) => event === 'instance.gone')).toEqual([]);

    stage.configure({ reconcile: { ...reconcile, confirm_gone: ['leaving@Default'] } });
    daemon.reload();
    for (const id of ids) {
      expect(await scene.next('instance.gone', id, from)).toMatchObject({ confirmedBy: 'operator' });
    }
    await daemon.event('reconcile.confirm_spent', { from });
  },
  4 * MINUTE,
);
