import { expect } from 'vitest';
import { waitFor } from '../region/tenant.ts';
import { backupsOf } from './backups.ts';
import { exchangeAppears, listenForCreates } from './bus-times.ts';
import { type Line, MINUTE } from './line.ts';
import { OFTEN, ONCE } from './policies.ts';

const CRON =
  '  - { name: cron, select: { projects: [demo@Default] }, cron: "*/5 * * * * *", zone: Asia/Kathmandu, spread: 0s }';
/** From the bus message to the backup that is there in time. */
export function schedules(line: Line): void {
  line.test(
    'a new instance gets its schedule within 2 s of the message, then a full, incrementals on it, and a new full',
    async () => {
      const stage = await line.stageWith(OFTEN);
      const { daemon } = stage;
      const creates = await listenForCreates(line.world().amqpAdminUrl);
      await daemon.start();
      await daemon.event('bus.bound');
      const { id } = await line.createInstance('orders-db');
      const assigned = await daemon.event('schedule.assigned', { where: (line) => line['instance'] === id });
      const toldMs = await waitFor(async () => creates.at.get(id));
      expect(assigned.atMs - toldMs).toBeLessThan(2_000);
      await creates.close();

      const four = await waitFor(
        async () => {
          const done = (await backupsOf(line.world(), id)).filter(({ status }) => status === 'COMPLETED');
          return done.length >= 4 && done.slice(0, 4);
        },
        { timeoutMs: 90_000 },
      );
      expect(four.map(({ projectId }) => projectId)).toEqual(Array(4).fill(line.world().demo.projectId));
      expect(four.map(({ parentId }) => parentId)).toEqual([null, four[0]?.id, four[1]?.id, null]);
      expect(await daemon.end('SIGTERM')).toBe(0);
    },
    3 * MINUTE,
  );

  line.test(
    'backups come at the times that a cron pattern names, and none in a freeze',
    async () => {
      const stage = await line.stageWith(CRON);
      const { daemon } = stage;
      await daemon.start();
      const { id } = await line.createInstance('cron-db');
      await waitFor(async () => stage.runs(id).filter(({ state }) => state === 'completed').length >= 3, {
        timeoutMs: MINUTE,
      });
      await daemon.end('SIGTERM');
      const [, ...named] = stage.runs(id);
      expect(named.length).toBeGreaterThanOrEqual(2);
      for (const { slot_utc } of named) expect(slot_utc % 5_000).toBe(0);

      stage.configure({ freeze: [{ from: '2000-01-01', to: '2999-12-31', reason: 'moving the object store' }] });
      const from = daemon.lines.length;
      await daemon.start();
      const skipped = await daemon.event('run.skipped', { from, timeoutMs: MINUTE });
      expect(skipped['because']).toMatchObject({ rule: 'frozen', params: { reason: 'moving the object store' } });
      const made = (await backupsOf(line.world(), id)).length;
      await daemon.event('run.skipped', { from: daemon.lines.length, timeoutMs: MINUTE });
      expect(await backupsOf(line.world(), id)).toHaveLength(made);
      expect(await daemon.end('SIGTERM')).toBe(0);
    },
    3 * MINUTE,
  );

  line.test(
    'after a broker restart it consumes within 5 s, is bound within 2 s of the exchange, and looks at the region',
    async () => {
      const stage = await line.stageWith(ONCE);
      const { daemon } = stage;
      await daemon.start();
      await daemon.event('bus.bound');
      const from = daemon.lines.length;
      await line.world().killBroker();
      await daemon.event('bus.lost', { from });
      const appears = exchangeAppears(line.world().amqpAdminUrl);
      await line.world().startBroker();
      const backMs = Date.now();
      const consuming = await daemon.event('bus.consuming', { from });
      expect(consuming.atMs - backMs).toBeLessThan(5_000);
      const exchangeMs = await appears;
      const bound = await daemon.event('bus.bound', { from, timeoutMs: 60_000 });
      expect(bound.atMs - exchangeMs).toBeLessThan(2_000);
      const afterwards = daemon.lines.indexOf(bound);
      await daemon.event('reconcile.done', { from: afterwards });
      await line.world().troveListens();
      const { id } = await line.createInstance('heard-again-db');
      await daemon.event('schedule.assigned', { from: afterwards, where: (line) => line['instance'] === id });
    },
    3 * MINUTE,
  );

  line.test(
    'an instance created while the daemon was down gets its schedule at the start',
    async () => {
      const stage = await line.stageWith(ONCE);
      const { daemon } = stage;
      await daemon.start();
      await daemon.end('SIGTERM');
      const { id } = await line.createInstance('unheard-db');
      const from = daemon.lines.length;
      await daemon.start();
      await daemon.event('schedule.assigned', { from, where: (line) => line['instance'] === id });
      await line.completed(stage, id, from);
    },
    2 * MINUTE,
  );
}
