import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { cancelConsumer, channelError } from '../intake/broker-deeds.ts';
import { type Region, regionAt, startRegion } from '../region/region.ts';
import { type Tenant, tenant, waitFor } from '../region/tenant.ts';
import { comeToTheBus, type Witness } from './bus-witness.ts';
import { type Stage, setStage } from './world.ts';

/** Observed only: what a message brings is the schedule, and no backup is to be waited for. */
const POLICY = '  - { name: hourly, select: { projects: [demo@Default] }, every: 1h, first_within: 1h }';
const QUEUE = 'autobackup-bus';
const SETTINGS = { mode: 'observe', reconcile: { every: '1h' }, bus: { queue: QUEUE } };
const MINUTE = 60_000;

interface Driver {
  readonly driver: 'messagingv2' | 'messaging';
  readonly open: () => Promise<Region>;
  readonly leave: (region: Region) => Promise<void>;
}

const DRIVERS: readonly Driver[] = [
  { driver: 'messagingv2', open: async () => regionAt(inject('region')), leave: async () => undefined },
  { driver: 'messaging', open: () => startRegion({ notify: 'messaging' }), leave: (region) => region.down() },
];

describe.each(DRIVERS)('the bus of a real region with the driver $driver', ({ open, leave }) => {
  let region: Region;
  let demo: Tenant;
  let stage: Stage | null = null;
  let witness: Witness | null = null;
  const instances: string[] = [];
  /** What other tests have left on the broker, whichever of them came first. */
  let leftovers: ReadonlySet<string> = new Set();

  const named = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await region.rabbitmqctl(...words)).split('\n').filter((line) => line.includes('autobackup'));
  const queues = () => named('list_queues', 'name');
  const bindings = () => named('list_bindings', 'source_name', 'destination_name', 'routing_key');

  beforeAll(async () => {
    region = await open();
    demo = await tenant(region, { username: 'demo', password: 'demo', project: 'demo' });
    leftovers = new Set([...(await queues()), ...(await bindings())]);
  }, 5 * MINUTE);
  afterEach(async () => {
    await stage?.close();
    await witness?.close();
    // A look at the region finds an instance while it is built yet, and then it cannot be deleted.
    for (const id of instances) {
      await waitFor(async () => (await demo.request('DELETE', `/instances/${id}`)).status !== 422, {
        timeoutMs: MINUTE,
      });
    }
    for (const id of instances.splice(0)) {
      await waitFor(async () => (await demo.request('GET', `/instances/${id}`)).status === 404, { timeoutMs: MINUTE });
    }
    await region.rabbitmqctl('delete_queue', QUEUE).catch(() => undefined);
  }, 3 * MINUTE);
  afterAll(() => leave(region), 2 * MINUTE);

  async function begin(): Promise<{ stage: Stage; witness: Witness }> {
    const came = await comeToTheBus(region.amqpAdminUrl);
    witness = came;
    const set = await setStage(region, POLICY, SETTINGS);
    stage = set;
    await set.daemon.start();
    // One look at the start, and one because the queue was bound.
    const first = await set.daemon.event('reconcile.done');
    await set.daemon.event('reconcile.done', { from: set.daemon.lines.indexOf(first) + 1 });
    return { stage: set, witness: came };
  }
  async function create(name: string): Promise<string> {
    const { id } = await demo.createInstance({ name });
    instances.push(id);
    return id;
  }
  const assigned = ({ daemon }: Stage, id: string) =>
    daemon.event('schedule.assigned', { timeoutMs: MINUTE, where: (line) => line['instance'] === id });

  /** Messages that the daemon says it made durable. */
  async function settled({ daemon }: Stage): Promise<number> {
    const { ops } = await daemon.event('daemon.started');
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    const counts = metrics.matchAll(/^trove_autobackup_messages_total\{result="(?:noted|ignored|dead)"\} (\d+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  test(
    'each message that another listener hears is made durable, each instance gets its schedule by its note alone, and nobody hears less',
    async () => {
      const { stage, witness } = await begin();
      const before = await witness.waiting();
      const heardBefore = witness.heard.size;
      const reconciled = () => stage.daemon.lines.filter(({ event }) => event === 'reconcile.done').length;
      const looks = reconciled();
      const ids: string[] = [];
      for (let n = 0; n < 6; n++) ids.push(await create(`told-${n}`));
      for (const id of ids) await assigned(stage, id);
      expect(reconciled()).toBe(looks);
      const creates = () => [...witness.heard.values()].filter((type) => type === 'trove.instance.create').length;
      await waitFor(async () => creates() === ids.length);
      // Counted when it is acknowledged, which may be a moment after the other listener has it.
      await waitFor(async () => (await settled(stage)) === witness.heard.size);
      expect(await witness.waiting()).toBe(before + witness.heard.size - heardBefore);
      const taken = await witness.takeAll();
      expect([...witness.heard.keys()].filter((id) => !taken.has(id))).toEqual([]);
      const ours = (await queues()).filter((name) => !leftovers.has(name));
      expect(ours.toSorted()).toEqual([QUEUE, `${QUEUE}.dead`]);
      const waiting = await named('list_queues', 'name', 'messages');
      expect(waiting).toEqual(expect.arrayContaining([`${QUEUE}\t0`, `${QUEUE}.dead\t0`]));
    },
    4 * MINUTE,
  );

  test(
    "the daemon's user has the rights that the manual gives it, and with them all of this works",
    async () => {
      const { stage } = await begin();
      const permissions = (await region.rabbitmqctl('list_permissions', '-p', '/')).split('\n');
      expect(permissions.filter((line) => line.startsWith('autobackup'))).toEqual([
        'autobackup\t^autobackup.*\t^autobackup.*\t^(autobackup.*|trove|openstack|nova)$',
      ]);
      expect((await region.rabbitmqctl('list_users')).split('\n')).toContain('autobackup\t[]');
      const consumers = await region.rabbitmqctl('list_consumers', 'queue_name');
      expect(consumers.split('\n').filter((name) => name.startsWith('autobackup'))).toEqual([QUEUE]);
      const bound = (await bindings()).filter((line) => line.startsWith('trove\t') && !leftovers.has(line));
      expect(bound).toEqual([`trove\t${QUEUE}\tnotifications.info`]);
      expect(stage.daemon.lines.filter(({ event }) => event === 'bus.lost')).toEqual([]);
    },
    2 * MINUTE,
  );

  test(
    'a deleted queue, a cancelled consumer, a channel error and a closed connection mend within 5 s, and nothing is missed',
    async () => {
      const { stage } = await begin();
      const { daemon } = stage;
      const deeds: readonly { readonly name: string; readonly act: () => Promise<unknown> }[] = [
        { name: 'deleted', act: () => region.rabbitmqctl('delete_queue', QUEUE) },
        { name: 'cancelled', act: () => region.rabbitmqctl('eval', cancelConsumer(QUEUE)) },
        { name: 'channel', act: () => region.rabbitmqctl('eval', channelError(QUEUE)) },
        {
          name: 'connection',
          act: () => region.rabbitmqctl('close_all_user_connections', 'autobackup', 'maintenance'),
        },
      ];
      for (const { name, act } of deeds) {
        const from = daemon.lines.length;
        // On their way while it happens: their messages come before, during and after.
        const ids = [await create(`${name}-before`)];
        const deed = act();
        ids.push(await create(`${name}-during`));
        await deed;
        const lost = await daemon.event('bus.lost', { from });
        const consuming = await daemon.event('bus.consuming', { from });
        const bound = await daemon.event('bus.bound', { from });
        expect([name, bound.atMs - lost.atMs < 5_000, consuming.atMs >= lost.atMs]).toEqual([name, true, true]);
        ids.push(await create(`${name}-after`));
        await daemon.event('reconcile.done', { from: daemon.lines.indexOf(bound), timeoutMs: MINUTE });
        for (const id of ids) await assigned(stage, id);
      }
      expect(daemon.lines.filter(({ event }) => event === 'task.failed')).toEqual([]);
    },
    6 * MINUTE,
  );
});
