import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from '../http/proxy/served.ts';
import { SITES } from '../http/proxy/sites.ts';
import { signIn, startBrowser, type Visit, visit } from './lab/browser.ts';
import { builtPage } from './lab/built-page.ts';

const NAME = 'orders-of-demo';
/** Newer than the store, so that it is backed up at once. */
const NEWER_MS = 60_000;
/** Of one user, at most. */
const STREAMS = 10;
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

describe.each(SITES)('behind nginx, by $name', (site) => {
  let served: Served;
  let current: Visit;
  beforeAll(async () => {
    served = await serve(site, {
      pageFolder: await builtPage(),
      mode: 'enforce',
      timings: { backupStartMs: 1, snapshotMs: 1, backupMs: 5 },
      prepare: (region) =>
        void region.createInstance({ projectName: 'demo', name: NAME, createdUtc: Date.now() + NEWER_MS }),
    });
  });
  afterAll(() => served.close());
  afterEach(async () => {
    expect(current.complaints).toEqual([]);
    await current.close();
  });

  async function enter(): Promise<Page> {
    current = await visit(browser, served.url, { clock: 'real' });
    await signIn(current.page);
    return current.page;
  }
  test('the page works: in, told of a change at once, the history as a file, and out again', async () => {
    const page = await enter();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${served.url}#/instances`);
    await page.getByText(NAME).first().waitFor();
    const [cookie, ...others] = await page.context().cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ name: site.cookie, path: site.basePath, httpOnly: true, secure: true });

    const again = page.waitForResponse((response) => response.url().includes('v1/instances'));
    const project = served.daemon.region.projects().find(({ name }) => name === 'demo')?.id;
    served.daemon.app.log.info('instance.discovered', { project });
    expect((await again).status()).toBe(200);

    await page.getByRole('link', { name: NAME }).click();
    await page.locator('[data-backup]').first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    expect((await download).suggestedFilename()).toBe('runs.csv');
    expect(await readFile(await (await download).path(), 'utf8')).toMatch(/\n[\w-]{36},.*,completed,/);

    await page.getByRole('button', { name: 'Account and settings' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(asked.filter((address) => !address.startsWith(served.url))).toEqual([]);
  });

  test('as many tabs as one has streams of events, and all of them can still ask', async () => {
    const page = await enter();
    const open = `new Promise((resolve, reject) => {
      const source = new EventSource('v1/events');
      source.onopen = () => resolve('open');
      source.onerror = () => reject(new Error('refused'));
    })`;
    // The page has one itself. By HTTP/1.1 a browser opens six connections to a host.
    const opened = await page.evaluate(`Promise.all([${Array(STREAMS - 1).fill(open)}])`);
    expect(opened).toEqual(Array(STREAMS - 1).fill('open'));
    expect(await page.evaluate("fetch('v1/session').then(({ status }) => status)")).toBe(200);
  });
});
