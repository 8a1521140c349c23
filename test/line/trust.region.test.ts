import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { User } from '../contract/user.ts';
import { type Home, makeHome } from '../openstack/node/home.ts';
import { type Region, startRegion } from '../region/region.ts';
import { type Tenant, tenant } from '../region/tenant.ts';
import { type Stage, setStage } from './world.ts';

const run = promisify(execFile);
const OFTEN = '- { name: often, every: 5s, max_incrementals: 2, first_within: 5s }';

let region: Region;
let demo: Tenant;
let alt: Tenant;
let admin: User;
let stage: Stage;
let home: Home;

const userOf = (project: string, name = project, password = name) =>
  User.login({ authUrl: region.authUrl, fetch }, { name, password, project });

/** The id of the one thing of that kind and name, as an administrator finds it. */
async function idOf(kind: 'users' | 'roles', name: string): Promise<string> {
  const { body } = await admin.keystone(`/${kind}?name=${name}`);
  const [found] = (body as Record<typeof kind, readonly { readonly id: string }[]>)[kind];
  if (!found) throw new Error(`Keystone knows no ${name} among its ${kind}`);
  return found.id;
}

/** A region of its own: others need the role that is taken away here. */
beforeAll(async () => {
  region = await startRegion();
  await region.control({ backup_s: 0.5, prepare_s: 0.2 });
  admin = await userOf('admin', 'admin', 'secret');
  const [autobackup, role] = [await idOf('users', 'autobackup'), await idOf('roles', 'database_backup')];
  const grant = `/OS-INHERIT/domains/default/users/${autobackup}/roles/${role}/inherited_to_projects`;
  expect((await admin.keystone(grant, {}, 'DELETE')).status).toBe(204);
  demo = await tenant(region, { username: 'demo', password: 'demo', project: 'demo' });
  alt = await tenant(region, { username: 'alt', password: 'alt', project: 'alt' });
  home = makeHome();
  const auth = { auth_url: region.authUrl, username: 'autobackup', project_name: 'service' };
  const clouds = home.write('clouds.yaml', JSON.stringify({ clouds: { region: { auth, region_name: 'RegionOne' } } }));
  const secret = { clouds: { region: { auth: { password: 'autobackup' } } } };
  vi.stubEnv('OS_CLIENT_CONFIG_FILE', clouds);
  vi.stubEnv('OS_CLIENT_SECURE_FILE', home.write('secure.yaml', JSON.stringify(secret)));
  const ofTheCloud = Object.fromEntries(
    ['auth_url', 'username', 'password', 'project_name'].map((key) => [key, undefined]),
  );
  stage = await setStage(region, OFTEN, { keystone: { ...ofTheCloud, cloud: 'region', tenant_scope: 'trust' } });
});

afterAll(async () => {
  await stage?.close();
  await region?.down();
  vi.unstubAllEnvs();
  home?.remove();
});

/** As docs/operating.md tells the members, who may look nobody's id up. */
async function trustByCommand(): Promise<void> {
  const member = await userOf('demo');
  const words = ['--project', member.projectId, '--role', await idOf('roles', 'member'), member.userId];
  const env = {
    PATH: process.env['PATH'],
    OS_AUTH_URL: region.authUrl,
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'demo',
    OS_PROJECT_NAME: 'demo',
    OS_IDENTITY_API_VERSION: '3',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  };
  await run('openstack', ['trust', 'create', ...words, await idOf('users', 'autobackup')], { env });
}

test(
  'with a user of clouds.yaml and no role, who has given a trust is backed up, and who has not is unprotected for want of one',
  async () => {
    const { daemon } = stage;
    await trustByCommand();
    await daemon.start();
    const orders = await demo.createActive({ name: 'orders-db' });
    const theirs = await alt.createActive({ name: 'their-db' });

    const four = await demo.waitFor(
      async () => {
        const done = (await demo.backups(orders.id)).filter(({ status }) => status === 'COMPLETED').toReversed();
        return done.length >= 4 && done.slice(0, 4);
      },
      { timeoutMs: 120_000 },
    );
    expect(four.map((backup) => backup['project_id'])).toEqual(Array(4).fill(demo.projectId));
    expect(four.map((backup) => backup['parent_id'])).toEqual([null, four[0]?.id, four[1]?.id, null]);

    const because = {
      rule: 'no-trust',
      params: { project: alt.projectId, trustee: await idOf('users', 'autobackup') },
    };
    const ofTheirs = {
      timeoutMs: 90_000,
      where: (line: { readonly [fact: string]: unknown }) => line['instance'] === theirs.id,
    };
    expect((await daemon.event('run.waiting', ofTheirs))['because']).toEqual(because);
    expect((await daemon.event('run.expired', ofTheirs))['because']).toEqual({
      rule: 'expired',
      params: { held: because },
    });
    expect((await daemon.event('instance.unprotected', ofTheirs))['because']).toEqual(because);
    expect(await alt.backups()).toEqual([]);
    expect(await daemon.end('SIGTERM')).toBe(0);
  },
  5 * 60_000,
);
