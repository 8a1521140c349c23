import { expect } from 'vitest';
import { waitFor } from '../region/tenant.ts';
import { backupsOf, discrepancies } from './backups.ts';
import { type Line, MINUTE } from './line.ts';
import { OFTEN, ONCE } from './policies.ts';

/** What is asked for once is made once, whatever happens to the request, its answer and the daemon. */
export function faults(line: Line, options: { readonly kills: number }): void {
  line.test(
    `killed ${options.kills} times between a request and its answer: each slot has one backup, adopted`,
    async () => {
      const stage = await line.stageWith(OFTEN);
      const { daemon, proxy } = stage;
      await daemon.start();
      const { id } = await line.createInstance('killed-db');
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
      await waitFor(async () => (await backupsOf(line.world(), id)).every(({ status }) => status === 'COMPLETED'));
      expect(await discrepancies(line.world(), stage, id)).toEqual([]);
      const adopted = daemon.lines.filter(({ event }) => event === 'run.adopted').map(({ run }) => run);
      expect(new Set(adopted).size).toBeGreaterThanOrEqual(options.kills);
    },
    (1 + options.kills) * 0.5 * MINUTE,
  );

  line.test(
    'an answer lost on the wire is an unknown outcome, and the backup is adopted, not made again',
    async () => {
      const stage = await line.stageWith(ONCE);
      const { daemon, proxy } = stage;
      await daemon.start();
      proxy.failNext({ dropAnswer: true });
      const { id } = await line.createInstance('cut-db');
      const { run } = await daemon.event('run.unknown', { where: (line) => line['instance'] === id });
      await daemon.event('run.adopted', { where: (line) => line['run'] === run });
      await line.completed(stage, id);
      expect(await discrepancies(line.world(), stage, id)).toEqual([]);
      expect(proxy.posts).toHaveLength(1);
    },
    2 * MINUTE,
  );

  line.test(
    "while Trove's bus is away the request hangs and happens later: one backup, adopted",
    async () => {
      const stage = await line.stageWith(ONCE);
      const { daemon, proxy } = stage;
      await daemon.start();
      proxy.failNext({ beforeForward: () => line.world().cutTroveOffItsBus() });
      const { id } = await line.createInstance('hanging-db');
      const { run } = await daemon.event('run.unknown', {
        timeoutMs: 60_000,
        where: (line) => line['instance'] === id,
      });
      await line.world().mendTrovesBus();
      await daemon.event('run.adopted', { timeoutMs: 90_000, where: (line) => line['run'] === run });
      await line.completed(stage, id);
      expect(await discrepancies(line.world(), stage, id)).toEqual([]);
      expect(proxy.posts).toHaveLength(1);
      expect(await backupsOf(line.world(), id)).toHaveLength(1);
    },
    5 * MINUTE,
  );
}
