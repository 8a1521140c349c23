import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Daemon, openDaemon } from '../http/daemon.ts';
import { signIn, startBrowser, type Visit, visit } from './lab/browser.ts';
import { builtPage } from './lab/built-page.ts';

const BASE = '/clouds/backups/';
let browser: Browser;
let daemon: Daemon;
let proxy: Server;
let url: string;
let current: Visit | null = null;

/** Has the service below a path of its own, and takes that away again. */
function startProxy(target: string): Promise<Server> {
  const server = createServer((incoming, answer) => {
    if (!incoming.url?.startsWith(BASE)) return answer.writeHead(404).end();
    const { method, headers } = incoming;
    const passed = send(target + incoming.url.slice(BASE.length - 1), { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
      got.on('close', () => answer.destroy());
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    return incoming.pipe(passed);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  daemon = await openDaemon({
    pageFolder: await builtPage(),
    http: { base_path: BASE, trusted_proxies: ['127.0.0.1'] },
    prepare: (region) => {
      const projectId = region.projects().find(({ name }) => name === 'demo')?.id ?? '';
      region.createInstance({ projectId, name: 'orders-of-demo' });
    },
  });
  proxy = await startProxy(daemon.url);
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${BASE}`;
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  proxy.closeAllConnections();
  proxy.close();
  await daemon.close();
});
afterEach(async () => {
  expect(current?.complaints).toEqual([]);
  await current?.close();
  current = null;
});

async function open() {
  current = await visit(browser, url, { clock: 'real' });
  return current.page;
}

test('the daemon’s own page works under its own policy, below a path: in, at work, and out again', async () => {
  const page = await open();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await signIn(page);
  await page.goto(`${url}#/instances`);
  await page.getByText('orders-of-demo').first().waitFor();
  const [cookie, ...others] = await page.context().cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ name: 'trove-autobackup', path: BASE, httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate('document.cookie')).toBe('');
  await page.reload();
  await page.getByText('orders-of-demo').first().waitFor();
  await page.getByRole('button', { name: 'Account and settings' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((address) => !address.startsWith(url))).toEqual([]);
});

test('a change that the daemon tells is read again at once', async () => {
  const page = await open();
  const hearing = page.waitForResponse((response) => response.url().includes('v1/events'));
  await signIn(page);
  expect((await hearing).status()).toBe(200);
  await page.goto(`${url}#/instances`);
  await page.getByText('orders-of-demo').first().waitFor();
  const again = page.waitForResponse((response) => response.url().includes('v1/instances'));
  const project = daemon.region.projects().find(({ name }) => name === 'demo')?.id;
  daemon.app.log.info('instance.discovered', { project });
  expect((await again).status()).toBe(200);
});

test('a script that is put into the page does not run', async () => {
  const page = await open();
  const ran = await page.evaluate(`(() => {
    try { document.body.innerHTML = '<img src=x onerror="window.ran = true">'; } catch (error) { return error.name; }
    return 'taken';
  })()`);
  expect(ran).toBe('TypeError');
  expect(current?.complaints.splice(0).join()).toMatch(/TrustedHTML/);
});
