import { expect, test } from 'vitest';
import { createForget, KNOWN_MS } from '../../daemon/engine/forget.ts';
import { CloudUnavailable } from '../../daemon/ports/cloud.ts';
import { because, type Reason } from '../../lib/core/index.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { FakeClock } from '../daemon/fake-clock.ts';
import { tablesNaming } from '../store/sizes.ts';
import { openWorld } from './world.ts';

const never = new AbortController().signal;

/** One that is gone, with nothing of it left in Trove but what its user made. */
async function gone() {
  const world = openWorld();
  const { region, service } = world;
  const id = world.instance('orders');
  world.instance('stays');
  await service.start();
  await world.completed(id, 1);
  const users = region.createBackup({ instanceId: id, name: 'mine' }).id;
  region.deleteInstance(id);
  await world.until(() => service.events('instance.gone', id).length > 0);
  for (const backup of world.backups(id)) if (backup.id !== users) region.deleteBackup(backup.id);
  await world.advance(HOUR);
  async function pass(ms: number): Promise<void> {
    await service.stop();
    await world.advance(ms);
    await service.start();
    await world.advance(HOUR);
  }
  return { world, id, users, pass, region, service };
}

test('an instance is known for thirty days after the last backup of it, whoever made that, and then no more', async () => {
  const { id, users, pass, region, service, world } = await gone();
  await pass(KNOWN_MS);
  expect(service.events('instance.forgotten')).toEqual([]);
  region.deleteBackup(users);
  await world.advance(HOUR);
  await pass(KNOWN_MS - DAY);
  expect(service.events('instance.forgotten')).toEqual([]);
  expect(service.runs(id)).toHaveLength(1);
  await pass(DAY);
  expect(service.events('instance.forgotten')).toMatchObject([{ instance: id, project: world.project }]);
  expect(tablesNaming(service.path, id)).toEqual([]);
});

test('of a project that shuts the service out an admin sees that nothing is left', async () => {
  const { id, users, pass, region, service, world } = await gone();
  region.deleteBackup(users);
  region.revokeInherited(world.user, 'database_backup');
  await world.advance(2 * DAY);
  await pass(KNOWN_MS);
  await world.until(() => service.events('instance.forgotten', id).length > 0, 2 * DAY);
});

/** Over a store that says of nothing that it is ripe. */
function scene(answer: () => Promise<readonly { instanceId: string | null }[]> = async () => []) {
  const clock = new FakeClock();
  const noted: (readonly string[])[] = [];
  const doubt: { now: Reason | null } = { now: null };
  let asked = 0;
  const forget = createForget({
    forgetting: {
      noteLeft: async ({ instanceIds }) => noted.push(instanceIds) > 0,
      forget: async () => null,
      trimEnded: async () => false,
    },
    cloud: {
      backupsAsAdmin: async () => {
        asked += 1;
        return (await answer()) as never;
      },
    },
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    guard: { doubt: () => doubt.now },
    oddRows: { listen: () => ({ onOdd: () => undefined, rows: [] }) },
  });
  return { clock, forget, noted, doubt, asked: () => asked };
}
const LIST = {
  projectId: 'shop',
  backups: [{ instanceId: 'db-1' }, { instanceId: null }, { instanceId: 'db-1' }],
  odd: [],
};
const ODD = { kind: 'backup', id: 'b', projectId: 'shop', field: 'created', problem: 'x' } as const;

test('what is left is noted by lists that can be read, while the clock can be gone by', async () => {
  const { forget, noted, doubt } = scene();
  await forget.see(LIST, never);
  await forget.see({ ...LIST, odd: [ODD] }, never);
  doubt.now = because('clock-unproven', {});
  await forget.see(LIST, never);
  expect(noted).toEqual([['db-1']]);
});

test('an admin looks once a day, and again where he was not answered', async () => {
  const away = new CloudUnavailable('away', because('no-answer-yet', {}));
  const answers = [() => Promise.reject(away), async () => [{ instanceId: 'db-2' }]];
  const { clock, forget, noted, asked } = scene(async () => (answers.shift() ?? (async () => []))());
  for (let n = 0; n < 3; n++) await forget.lookAsAdmin('shop', never);
  expect([asked(), noted]).toEqual([2, [['db-2']]]);
  await clock.pass(DAY);
  await forget.lookAsAdmin('shop', never);
  expect(asked()).toBe(3);
});

test('a fault of ours is none of the cloud’s', async () => {
  const { forget } = scene(() => Promise.reject(new Error('a fault')));
  await expect(forget.lookAsAdmin('shop', never)).rejects.toThrow('a fault');
});
