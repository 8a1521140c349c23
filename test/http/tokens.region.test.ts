import { beforeAll, expect, inject, test } from 'vitest';
import { openScene, type Scene } from '../line/scene.ts';
import { type Answered, ask, SERVED, type Sent, withSurplus } from '../line/served.ts';
import type {} from '../region/global-setup.ts';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { linesFor, openTerminal, tokenIn, told } from './examples/terminal.ts';
import { entersDefaultProject, opensByCredential } from './identities.ts';

const MINUTE = 60_000;
let region: Region;
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 1 });
});

/** A terminal of somebody who has sourced his openrc file. */
const terminalOf = (user: string, password = user, project = user) =>
  openTerminal(region, { OS_USERNAME: user, OS_PASSWORD: password, OS_PROJECT_NAME: project });

type Asks = (method: string, path: string, sent?: Sent) => Promise<Answered>;
const asking =
  (scene: Scene, token: string): Asks =>
  (method, path, sent) =>
    ask(scene, token, method, path, sent);

/** Asks for a backup, by the same request twice, and waits until it is there. */
async function backsUp(asks: Asks, id: string, kind: string): Promise<string> {
  const sent = {
    body: { kind, note: 'by token' },
    headers: { 'idempotency-key': `${id}-${kind}-${performance.now()}` },
  };
  const [one, again] = [
    await asks('POST', `instances/${id}/runs`, sent),
    await asks('POST', `instances/${id}/runs`, sent),
  ];
  expect([one.status, again.status, again.body.run.id]).toEqual([202, 202, one.body.run.id]);
  const run = await waitFor(
    async () => {
      const { body } = await asks('GET', `runs/${one.body.run.id}`);
      return body.run.ended_at !== null && body.run;
    },
    { timeoutMs: MINUTE },
  );
  expect(run).toMatchObject({ state: 'completed', kind, origin: 'on_demand', requested_by: 'demo' });
  const { body } = await asks('GET', `instances/${id}/backups`);
  const made = body.backups.find((backup) => backup.id === run.backup_id);
  expect(made).toMatchObject({ status: 'COMPLETED', is_recovery_point: true, fate: 'kept', run_id: run.id });
  return made?.id ?? '';
}

/** Everything that changes something, and so is for members alone. */
const CHANGES: readonly (readonly [
  method: string,
  path: (instance: string, backup: string) => string,
  body?: object,
])[] = [
  ['POST', (instance) => `instances/${instance}/runs`, {}],
  ['PATCH', (instance) => `instances/${instance}/schedule`, { window: '01:00-05:00' }],
  ['DELETE', (instance) => `instances/${instance}/schedule`],
  ['PUT', (_, backup) => `backups/${backup}/hold`, { note: 'audit' }],
  ['DELETE', (_, backup) => `backups/${backup}/hold`],
  ['DELETE', (_, backup) => `backups/${backup}?cascade=true&confirm=newest-recovery-point`],
  ['DELETE', (_, backup) => `prunes/${backup}`],
  ['POST', (_, backup) => `backups/${backup}/restore`, { name: 'taken', flavor_id: '1' }],
];

async function statusesOf(asks: Asks, instance: string, backup: string): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const [method, path, body] of CHANGES) {
    const sent = { headers: { 'if-match': '*' }, ...(body && { body }) };
    statuses.push((await asks(method, path(instance, backup), sent)).status);
  }
  return statuses;
}

async function holdsAndDeletes(asks: Asks, full: string, incremental: string): Promise<void> {
  const held = await asks('PUT', `backups/${incremental}/hold`, { body: { note: 'audit' } });
  expect([held.status, held.body.hold]).toEqual([200, { owner: 'demo', note: 'audit', until_at: null }]);
  const kept = await asks('DELETE', `backups/${full}?cascade=true`);
  expect([kept.status, kept.body.error.title]).toEqual([409, 'held']);
  expect((await asks('DELETE', `backups/${incremental}/hold`)).status).toBe(204);
  const refused = await asks('DELETE', `backups/${full}`);
  expect([refused.status, refused.body.error.title]).toEqual([409, 'has-descendants']);
  expect(refused.body.error.details?.['descendants']).toEqual([expect.objectContaining({ id: incremental })]);
  const deleted = await asks('DELETE', `backups/${full}?cascade=true`);
  expect([deleted.status, deleted.body.deleting.map(({ id }) => id)]).toEqual([202, [full, incremental]]);
}

async function undoesPrune(asks: Asks, instance: string): Promise<void> {
  const marks = async (): Promise<readonly { backup_id: string; instance_id: string }[]> =>
    (await asks('GET', 'prunes')).body.prunes;
  const mark = await waitFor(async () => (await marks()).find(({ instance_id }) => instance_id === instance), {
    timeoutMs: MINUTE,
  });
  const undone = await asks('DELETE', `prunes/${mark.backup_id}`);
  expect([undone.status, undone.body.hold.owner]).toEqual([200, 'demo']);
  expect((await marks()).map(({ backup_id }) => backup_id)).not.toContain(mark.backup_id);
}

async function restores(asks: Asks, scene: Scene, backup: string): Promise<void> {
  const sent = { body: { name: 'orders-again', flavor_id: '1' }, headers: { 'idempotency-key': backup } };
  const made = await asks('POST', `backups/${backup}/restore`, sent);
  expect([made.status, made.body.instance.status]).toEqual([202, 'BUILD']);
  const { id } = made.body.instance;
  scene.goes(id);
  expect((await asks('POST', `backups/${backup}/restore`, sent)).body).toEqual(made.body);
  const others = { ...sent, body: { ...sent.body, name: 'orders-afresh' } };
  expect((await asks('POST', `backups/${backup}/restore`, others)).status).toBe(422);
  const seen = await waitFor(
    async () => {
      const { status, body } = await asks('GET', `instances/${id}`);
      return status === 200 && body.instance.status === 'ACTIVE' && body.instance;
    },
    { timeoutMs: MINUTE },
  );
  expect(seen).toMatchObject({ name: 'orders-again', policy: 'daily' });
  const { body } = await scene.user.request('GET', '/instances');
  const names = (body as { instances: readonly { name: string }[] }).instances.map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('orders-'))).toEqual(['orders-again']);
}

/** What each of them is shown, and that nobody but a member changes anything. */
async function seeByRole(
  { demo, reader, alt, admin }: Readonly<Record<'demo' | 'reader' | 'alt' | 'admin', Asks>>,
  id: string,
  backup: string,
): Promise<void> {
  const namesFor = async (asks: Asks, query = '') =>
    (await asks('GET', `instances${query}`)).body.instances.map(({ name }) => name);
  const readings = [
    `instances/${id}`,
    `instances/${id}/backups`,
    `instances/${id}/schedule`,
    `instances/${id}/explain?backup_id=${backup}`,
  ];
  for (const path of readings) {
    const statuses = await Promise.all(
      [demo, reader, alt, admin].map(async (asks) => (await asks('GET', path)).status),
    );
    expect([path, ...statuses]).toEqual([path, 200, 200, 404, 404]);
  }
  const names = ['carts', 'orders'];
  for (const asks of [demo, reader]) expect(await namesFor(asks)).toEqual(expect.arrayContaining(names));
  for (const name of names) expect(await namesFor(alt)).not.toContain(name);
  expect(await namesFor(admin, '?all_projects=true')).toEqual(expect.arrayContaining(names));
  expect((await demo('GET', 'instances?all_projects=true')).status).toBe(403);
  expect([(await admin('GET', 'region')).status, (await demo('GET', 'region')).status]).toEqual([200, 403]);
  expect(await statusesOf(reader, id, backup)).toEqual(CHANGES.map(() => 403));
  expect(await statusesOf(alt, id, backup)).toEqual(CHANGES.map(() => 404));
}

test(
  'who has a token of the openstack command does by the API alone what his roles allow: members all, readers nothing but read, others see nobody',
  async () => {
    const scene = await openScene(region, 'demo', { policy: 'every: day', settings: SERVED, isKnown: true });
    const surplus = await withSurplus(scene);
    await scene.stage.daemon.start();
    const id = await scene.instance('orders');
    await scene.completed(id, 1);
    const terminal = terminalOf('demo');
    const demo = asking(scene, await tokenIn(terminal));
    const reader = asking(scene, await tokenIn(terminalOf('reader', 'reader', 'demo')));
    const alt = asking(scene, await tokenIn(terminalOf('alt')));
    const admin = asking(scene, await tokenIn(terminalOf('admin', 'secret')));
    const first = await told(terminal, `${linesFor('INSTANCE')}\n${linesFor('BACKUP')}\necho "$INSTANCE $BACKUP"`);
    const [instance, backup = ''] = first.split(' ');
    expect(instance).toBe(id);
    expect((await demo('GET', `instances/${id}/backups`)).body.backups[0]?.id).toBe(backup);

    await seeByRole({ demo, reader, alt, admin }, id, backup);
    const [full] = await Promise.all([
      backsUp(demo, id, 'full'),
      opensByCredential(scene),
      entersDefaultProject(scene),
    ]);
    const incremental = await backsUp(demo, id, 'incremental');
    const newest = await backsUp(demo, id, 'full');
    await holdsAndDeletes(demo, full, incremental);
    await waitFor(
      async () => {
        const left = (await demo('GET', `instances/${id}/backups`)).body.backups.map((one) => one.id);
        return !left.includes(full) && !left.includes(incremental) && left.includes(newest);
      },
      { timeoutMs: MINUTE },
    );
    await undoesPrune(demo, surplus);
    await restores(demo, scene, newest);
    const { body } = await demo('GET', 'audit?limit=20');
    const done = body.entries.filter(({ outcome }) => outcome === 'done');
    expect(new Set(done.map(({ action }) => action))).toEqual(
      new Set(['run:create', 'backup:hold', 'backup:delete', 'prune:undo', 'backup:restore']),
    );
  },
  6 * MINUTE,
);
