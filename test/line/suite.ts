import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../region/tenant.ts';
import { backupsOf, discrepancies } from './backups.ts';
import { type Stage, setStage, type World } from './world.ts';

export interface LineOptions {
  /** How often the daemon is killed between a request and its answer. */
  readonly kills: number;
}

const OFTEN = '  - { name: often, select: { projects: [demo@Default] }, every: 5s, max_incrementals: 2 }';
const CRON =
  '  - { name: cron, select: { projects: [demo@Default] }, cron: "*/10 * * * * *", zone: Asia/Kathmandu, spread: 0s }';
const ONCE = '  - { name: once, select: { projects: [demo@Default] }, every: 1h, first_within: 5s }';

/** When the broker hands out `trove.instance.create`, to a listener of the test's own; epoch ms by instance. */
async function listenForCreates(url: string): Promise<{ at: ReadonlyMap<string, number>; close(): Promise<void> }> {
  const at = new Map<string, number>();
  const model = await connect(url);
  const channel = await model.createChannel();
  await channel.checkExchange('trove');
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'trove', 'notifications.info');
  await channel.consume(queue, (message) => {
    const body = JSON.parse(message?.content.toString() ?? '{}') as { 'oslo.message'?: string };
    const inner = JSON.parse(body['oslo.message'] ?? '{}') as {
      event_type?: string;
      payload?: { instance_id: string };
    };
    if (inner.event_type === 'trove.instance.create' && inner.payload) at.set(inner.payload.instance_id, Date.now());
  });
  return { at, close: () => model.close() };
}

/** Resolves to when the exchange is there, looked for every 50 ms, each time on a fresh channel. */
async function exchangeAppears(url: string): Promise<number> {
  return waitFor(
    async () => {
      const model = await connect(url).catch(() => null);
      if (!model) return false;
      try {
        const channel = await model.createChannel();
        channel.on('error', () => undefined);
        await channel.checkExchange('trove');
        return Date.now();
      } catch {
        return false;
      } finally {
        await model.close().catch(() => undefined);
      }
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );
}

async function removeInstance({ demo }: World, id: string): Promise<void> {
  await waitFor(async () => (await demo.request('DELETE', `/instances/${id}`)).status !== 422, { timeoutMs: 60_000 });
  await waitFor(async () => (await demo.request('GET', `/instances/${id}`)).status === 404, { timeoutMs: 60_000 });
}

const MINUTE = 60_000;

/** The main job from the bus message to the adopted backup, on whatever region `open` gives. */
export function describeLine(name: string, open: () => Promise<World>, options: LineOptions): void {
  describe(name, () => {
    let world: World;
    let stage: Stage | null = null;
    const instances: string[] = [];

    async function stageWith(policies: string): Promise<Stage> {
      stage = await setStage(world, policies);
      return stage;
    }
    async function createInstance(name: string): Promise<{ id: string }> {
      const { id } = await world.demo.createInstance({ name });
      instances.push(id);
      return { id };
    }
    const completed = (stage: Stage, instance: string, from = 0) =>
      stage.daemon.event('run.completed', { from, timeoutMs: 60_000, where: (line) => line['instance'] === instance });

    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.setBackupSeconds(0.5));
    afterEach(async () => {
      // Two services must not share a region, so nothing of one test is left to the next.
      await stage?.close();
      for (const id of instances.splice(0)) await removeInstance(world, id);
    });
    afterAll(() => world?.close());

    test(
      'a new instance gets its schedule within 2 s of the message, then a full, incrementals on it, and a new full',
      async () => {
        const stage = await stageWith(OFTEN);
        const { daemon } = stage;
        const creates = await listenForCreates(world.amqpAdminUrl);
        await daemon.start();
        await daemon.event('bus.bound');
        const { id } = await createInstance('orders-db');
        const assigned = await daemon.event('schedule.assigned', { where: (line) => line['instance'] === id });
        const toldMs = await waitFor(async () => creates.at.get(id));
        expect(assigned.atMs - toldMs).toBeLessThan(2_000);
        await creates.close();

        const four = await waitFor(
          async () => {
            const done = (await backupsOf(world, id)).filter(({ status }) => status === 'COMPLETED');
            return done.length >= 4 && done.slice(0, 4);
          },
          { timeoutMs: 90_000 },
        );
        expect(four.map(({ projectId }) => projectId)).toEqual(Array(4).fill(world.demo.projectId));
        expect(four.map(({ parentId }) => parentId)).toEqual([null, four[0]?.id, four[1]?.id, null]);
        expect(await daemon.end('SIGTERM')).toBe(0);
      },
      3 * MINUTE,
    );

    test(
      `killed ${options.kills} times between a request and its answer: each slot has one backup, adopted`,
      async () => {
        const stage = await stageWith(OFTEN);
        const { daemon, proxy } = stage;
        await daemon.start();
        const { id } = await createInstance('killed-db');
        for (let kill = 0; kill < options.kills; kill++) {
          const from = daemon.lines.length;
          const { promise: killed, resolve } = Promise.withResolvers<void>();
          const strike = async (): Promise<void> => {
            await daemon.end('SIGKILL');
            resolve();
          };
          // By turns: as the request left, and when Trove has already answered.
          proxy.failNext(kill % 2 === 0 ? { beforeForward: strike } : { beforeAnswer: strike });
          await killed;
          await daemon.start();
          const { run } = await daemon.event('run.adopted', { from, where: (line) => line['instance'] === id });
          await daemon.event('run.completed', { from, where: (line) => line['run'] === run });
        }
        await daemon.end('SIGTERM');
        await waitFor(async () => (await backupsOf(world, id)).every(({ status }) => status === 'COMPLETED'));
        expect(await discrepancies(world, stage, id)).toEqual([]);
        const adopted = daemon.lines.filter(({ event }) => event === 'run.adopted').map(({ run }) => run);
        expect(new Set(adopted).size).toBeGreaterThanOrEqual(options.kills);
      },
      (1 + options.kills) * 0.5 * MINUTE,
    );

    test(
      'an answer lost on the wire is an unknown outcome, and the backup is adopted, not made again',
      async () => {
        const stage = await stageWith(ONCE);
        const { daemon, proxy } = stage;
        await daemon.start();
        proxy.failNext({ dropAnswer: true });
        const { id } = await createInstance('cut-db');
        const { run } = await daemon.event('run.unknown', { where: (line) => line['instance'] === id });
        await daemon.event('run.adopted', { where: (line) => line['run'] === run });
        await completed(stage, id);
        expect(await discrepancies(world, stage, id)).toEqual([]);
        expect(proxy.posts).toHaveLength(1);
      },
      2 * MINUTE,
    );

    test(
      "while Trove's bus is away the request hangs and happens later: one backup, adopted",
      async () => {
        const stage = await stageWith(ONCE);
        const { daemon, proxy } = stage;
        await daemon.start();
        proxy.failNext({ beforeForward: () => world.cutTroveOffItsBus() });
        const { id } = await createInstance('hanging-db');
        const { run } = await daemon.event('run.unknown', {
          timeoutMs: 60_000,
          where: (line) => line['instance'] === id,
        });
        await world.mendTrovesBus();
        await daemon.event('run.adopted', { timeoutMs: 90_000, where: (line) => line['run'] === run });
        await completed(stage, id);
        expect(await discrepancies(world, stage, id)).toEqual([]);
        expect(proxy.posts).toHaveLength(1);
        expect(await backupsOf(world, id)).toHaveLength(1);
      },
      5 * MINUTE,
    );

    test(
      'backups come at the times that a cron pattern names, and none in a freeze',
      async () => {
        const stage = await stageWith(CRON);
        const { daemon } = stage;
        await daemon.start();
        const { id } = await createInstance('cron-db');
        await waitFor(async () => stage.runs(id).filter(({ state }) => state === 'completed').length >= 3, {
          timeoutMs: MINUTE,
        });
        await daemon.end('SIGTERM');
        const [, ...named] = stage.runs(id);
        expect(named.length).toBeGreaterThanOrEqual(2);
        for (const { slot_utc } of named) expect(slot_utc % 10_000).toBe(0);

        stage.configure({ freeze: [{ from: '2000-01-01', to: '2999-12-31', reason: 'moving the object store' }] });
        const from = daemon.lines.length;
        await daemon.start();
        const skipped = await daemon.event('run.skipped', { from, timeoutMs: MINUTE });
        expect(skipped['because']).toMatchObject({ rule: 'frozen', params: { reason: 'moving the object store' } });
        const made = (await backupsOf(world, id)).length;
        await daemon.event('run.skipped', { from: daemon.lines.length, timeoutMs: MINUTE });
        expect(await backupsOf(world, id)).toHaveLength(made);
        expect(await daemon.end('SIGTERM')).toBe(0);
      },
      3 * MINUTE,
    );

    test(
      'an instance created while the daemon was down gets its schedule at the start',
      async () => {
        const stage = await stageWith(ONCE);
        const { daemon } = stage;
        await daemon.start();
        await daemon.end('SIGTERM');
        const { id } = await createInstance('unheard-db');
        const from = daemon.lines.length;
        await daemon.start();
        await daemon.event('schedule.assigned', { from, where: (line) => line['instance'] === id });
        await completed(stage, id, from);
      },
      2 * MINUTE,
    );

    test(
      'after a broker restart it consumes within 5 s, is bound within 2 s of the exchange, and looks at the region',
      async () => {
        const stage = await stageWith(ONCE);
        const { daemon } = stage;
        await daemon.start();
        await daemon.event('bus.bound');
        const from = daemon.lines.length;
        await world.killBroker();
        await daemon.event('bus.lost', { from });
        const appears = exchangeAppears(world.amqpAdminUrl);
        await world.startBroker();
        const backMs = Date.now();
        const consuming = await daemon.event('bus.consuming', { from });
        expect(consuming.atMs - backMs).toBeLessThan(5_000);
        const exchangeMs = await appears;
        const bound = await daemon.event('bus.bound', { from, timeoutMs: 60_000 });
        expect(bound.atMs - exchangeMs).toBeLessThan(2_000);
        const afterwards = daemon.lines.indexOf(bound);
        await daemon.event('reconcile.done', { from: afterwards });
        await world.troveListens();
        const { id } = await createInstance('heard-again-db');
        await daemon.event('schedule.assigned', { from: afterwards, where: (line) => line['instance'] === id });
      },
      3 * MINUTE,
    );
  });
}
