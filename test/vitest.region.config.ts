import './compile-cache.ts';
import { defineConfig } from 'vitest/config';
import { filesOf } from './region/lanes.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    ...filesOf(process.env['REGION_LANE']),
    globalSetup: ['test/region/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
