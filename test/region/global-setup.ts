// One region for all test files of a run: it starts before them and ends after them. `regionAt(inject('region'))` is
// the handle; a test leaves the region as it found it.
import type { TestProject } from 'vitest/node';
import { type Reach, startRegion } from './region.ts';

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
