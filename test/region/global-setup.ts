// One region for all test files of a run: it starts before them and ends after them.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { type Region, startRegion } from './region.ts';

/** How to reach the region that is shared: `inject('region')`. */
export type Reach = Pick<Region, 'authUrl' | 'troveUrl' | 'amqpUrl' | 'amqpAdminUrl' | 'dir'>;

declare module 'vitest' {
  interface ProvidedContext {
    region: Reach;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const region = await startRegion();
  const { authUrl, troveUrl, amqpUrl, amqpAdminUrl, dir } = region;
  project.provide('region', { authUrl, troveUrl, amqpUrl, amqpAdminUrl, dir });
  return () => region.down();
}

const COMMAND = fileURLToPath(new URL('region', import.meta.url));

/** What a test may do to the shared region from its own process. It leaves it as it found it. */
export function shared(reach: Reach): Reach & Pick<Region, 'control' | 'project' | 'kill' | 'start'> {
  const region = async (...words: readonly string[]) => {
    const env = { ...process.env, REGION_DIR: reach.dir };
    const { stdout } = await promisify(execFile)(COMMAND, [...words], { env });
    return stdout;
  };
  return {
    ...reach,
    control: async (settings) => {
      await region('control', ...Object.entries(settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`));
    },
    project: async (name) => (await region('project', name)).trim().split(' ')[1] ?? '',
    kill: async (...parts) => {
      await region('kill', ...parts);
    },
    start: async (...parts) => {
      await region('start', ...parts);
    },
  };
}
