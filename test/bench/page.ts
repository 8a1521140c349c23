import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext } from 'playwright-core';
import { MINUTE } from '../core/builders.ts';
import { startBrowser } from '../page/lab/browser.ts';
import { benchFolder } from './fill.ts';
import { type Marks, watch } from './page/watch.ts';
import { run, runDaemon, writeConfig } from './processes.ts';
import { figure, median, report } from './report.ts';
import { within } from './within.ts';

/**
 * The list of instances of a project that has 10,000, by the daemon as it is installed: the ms from the address to the first
 * rows, and to what a filter leaves, chosen the moment it can be. Each time a browser with nothing in its cache.
 */
const INSTANCES = 10_000;
const ROUNDS = 5;
const MOST_MS = 1_000;
const MOST_KB = 100;
const LOOK_MS = 250;
const ROOT = join(import.meta.dirname, '../..');

async function contextAt(browser: Browser, url: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const data = { user: 'demo', password: 'demo', project: 'demo' };
  const answer = await context.request.post(`${url}/v1/session`, { data, headers: { origin: url } });
  if (!answer.ok()) throw new Error(`the sign-in was answered with ${answer.status()}: ${await answer.text()}`);
  return context;
}

/** Waits until the daemon has seen all of them. */
async function settled(browser: Browser, url: string): Promise<void> {
  const context = await contextAt(browser, url);
  for (let seen = 0; seen < INSTANCES; ) {
    const answer = await context.request.get(`${url}/v1/overview`);
    seen = ((await answer.json()) as { instances: number }).instances;
    if (seen < INSTANCES) await new Promise((resume) => setTimeout(resume, LOOK_MS));
  }
  await context.close();
}

interface Opening extends Marks {
  /** What the page's thread had to do for it, however many others wanted the processor meanwhile. */
  readonly cpuMs: number;
}

async function openOnce(browser: Browser, url: string): Promise<Opening> {
  const context = await contextAt(browser, url);
  const tab = await context.newPage();
  const inspector = await context.newCDPSession(tab);
  await inspector.send('Performance.enable', { timeDomain: 'threadTicks' });
  await tab.addInitScript(watch);
  await tab.goto(`${url}/#/instances`);
  await tab.waitForFunction(() => 'marks' in globalThis, null, { timeout: MINUTE });
  const marks = (await tab.evaluate('globalThis.marks')) as Marks;
  const { metrics } = await inspector.send('Performance.getMetrics');
  const busy = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  await context.close();
  return { ...marks, cpuMs: busy * 1_000 };
}

execFileSync('npm', ['run', '-s', 'build:web'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
const region = run('test/bench/page/region.ts');
const authUrl = await region.line('the region', (line) => line.startsWith('http'));
const daemon = runDaemon('serve', '--config', writeConfig(authUrl, benchFolder(), { listen: '127.0.0.1:0' }));
const started = await daemon.line('the start of the daemon', (line) => line.includes('"daemon.started"'));
const { api: url } = JSON.parse(started) as { api: string };
const browser = await startBrowser();
await within('the look at all instances', 5 * MINUTE, settled(browser, url));
await openOnce(browser, url);
const rounds: Opening[] = [];
for (let n = 0; n < ROUNDS; n++) rounds.push(await openOnce(browser, url));
await browser.close();
await daemon.stop();
await region.stop();

const scripts = globSync('dist/web/**/*.js', { cwd: ROOT }).map((file) => gzipSync(readFileSync(join(ROOT, file))));
const kilobytes = scripts.reduce((sum, { length }) => sum + length, 0) / 1_000;
const [rowsMs, filteredMs] = [rounds.map((it) => it.rowsMs), rounds.map((it) => it.filteredMs)];
report('page', [
  figure('10,000 instances, to the first rows, nothing cached', median(rowsMs), MOST_MS, 'ms'),
  figure('the same, to what a filter leaves that is chosen at once', median(filteredMs), MOST_MS, 'ms'),
  figure(
    'CPU time of the page’s thread for both',
    median(rounds.map(({ cpuMs }) => cpuMs)),
    Number.POSITIVE_INFINITY,
    'ms',
  ),
  figure('script, gzipped', kilobytes, MOST_KB, 'kB'),
]);
