import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { waitFor } from '../region/tenant.ts';
import { type Stage, setStage, type World } from './world.ts';

export const MINUTE = 60_000;

/** What tests of the main job have: a region, and a daemon that is theirs alone. */
export interface Line {
  world(): World;
  stageWith(policies: string): Promise<Stage>;
  createInstance(name: string): Promise<{ readonly id: string }>;
  /** The daemon says that a backup of the instance is completed. */
  completed(stage: Stage, instance: string, from?: number): Promise<unknown>;
  readonly test: (name: string, run: () => Promise<void>, timeoutMs: number) => void;
}

async function removeInstance({ demo }: World, id: string): Promise<void> {
  await waitFor(async () => (await demo.request('DELETE', `/instances/${id}`)).status !== 422, { timeoutMs: 60_000 });
  await waitFor(async () => (await demo.request('GET', `/instances/${id}`)).status === 404, { timeoutMs: 60_000 });
}

/**
 * Tests on a region, one after the other: two services must not share one. `beside` others of their file, whose region is
 * another: most of what they do is to wait.
 */
export function describeOn(
  name: string,
  open: () => Promise<World>,
  beside: boolean,
  define: (line: Line) => void,
): void {
  (beside ? describe.concurrent : describe)(name, () => {
    let world: World | null = null;
    let stage: Stage | null = null;
    const instances: string[] = [];
    const opened = (): World => {
      if (!world) throw new Error('the region is not open');
      return world;
    };

    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => opened().setBackupSeconds(0.5));
    afterEach(async () => {
      // Nothing of one test is left to the next.
      await stage?.close();
      for (const id of instances.splice(0)) await removeInstance(opened(), id);
    });
    afterAll(() => world?.close());

    define({
      world: opened,
      async stageWith(policies) {
        stage = await setStage(opened(), policies);
        return stage;
      },
      async createInstance(name) {
        const { id } = await opened().demo.createInstance({ name });
        instances.push(id);
        return { id };
      },
      completed: ({ daemon }, instance, from = 0) =>
        daemon.event('run.completed', { from, timeoutMs: MINUTE, where: (line) => line['instance'] === instance }),
      test: (title, run, timeout) => test(title, { concurrent: false, timeout }, run),
    });
  });
}
