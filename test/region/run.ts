// The tests that need a real region: `node test/region/run.ts [ARGUMENT OF VITEST…]`. Each lane is a vitest of its own,
// and at the end their reports become one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LANES } from './lanes.ts';

const ROOT = join(import.meta.dirname, '../..');
const VITEST = join(ROOT, 'node_modules/.bin/vitest');
const RUN = ['run', '--config', 'test/vitest.region.config.ts'];

const isForReport = (word: string): boolean => /^--(reporter|outputFile)/.test(word);

/** Resolves to the exit code. With a lane, every line says which. */
function vitest(words: readonly string[], lane?: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const env = { ...process.env, ...(lane !== undefined && { REGION_LANE: lane }) };
  const stdio = lane === undefined ? 'inherit' : 'pipe';
  const child = spawn(VITEST, [...RUN, ...words], { cwd: ROOT, env, stdio });
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', (line) => process.stdout.write(`${lane} | ${line}\n`));
  }
  child.on('error', reject).on('close', (code) => resolve(code ?? 1));
  return promise;
}

async function runLane(lane: string, words: readonly string[], reports: string): Promise<number> {
  const began = performance.now();
  const blob = ['--reporter=default', '--reporter=blob', `--outputFile.blob=${join(reports, `${lane}.json`)}`];
  const code = await vitest([...words, ...blob, '--passWithNoTests'], lane);
  process.stdout.write(`${lane} | ended with ${code} after ${Math.round((performance.now() - began) / 1000)} s\n`);
  return code;
}

async function runAll(given: readonly string[], reports: string): Promise<number> {
  const words = given.filter((word) => !isForReport(word));
  const codes = await Promise.all(LANES.map((lane) => runLane(lane, words, reports)));
  const merged = await vitest([`--merge-reports=${reports}`, ...given.filter(isForReport)]);
  // A lane that left no report is not among what was merged, and one may fail after its last test has passed.
  const lost = LANES.length - readdirSync(reports).length;
  return Math.max(merged, lost, ...codes);
}

const reports = mkdtempSync(join(tmpdir(), 'region-reports-'));
try {
  process.exitCode = await runAll(process.argv.slice(2), reports);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
