import './compile-cache.ts';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/region/**', '**/*.region.test.ts', 'node_modules/**'],
    // What hangs ends by it; a slow machine with other work takes several times as long as a good one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A page that has to read something first shows it when it has.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
