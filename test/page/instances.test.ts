import { availableParallelism, loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { SLOW, signIn, type Visit, visit } from './lab/browser.ts';
import { browser, lab, useLab } from './lab/hooks.ts';

const INSTANCES = 10_000;
const MOST_MS = 1_000;
/** Of a machine that has more to do than it can, each gets a share. */
const CROWD = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

useLab({ instances: INSTANCES });
let current: Visit;
let page: Page;
beforeAll(async () => {
  current = await visit(browser, lab.url);
  page = current.page;
  await signIn(page);
});
afterEach(() => expect(current.complaints.splice(0)).toEqual([]));

const names = (): Promise<readonly string[]> => page.locator('.fleet tbody a').allTextContents();
async function list(query = ''): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${lab.url}#/instances${query}`);
  await page.locator('.fleet tbody a').first().waitFor();
}

test('with 10,000 instances the list can be used within a second', async () => {
  const took: number[] = [];
  const other = await visit(browser, lab.url, { clock: 'real' });
  await signIn(other.page);
  await other.page.goto(`${lab.url}#/instances`);
  for (let n = 0; n < 5; n += 1) {
    await other.page.reload();
    await other.page.locator('.fleet tbody a').first().focus();
    took.push(await other.page.evaluate(() => performance.now()));
  }
  await other.close();
  expect(Math.min(...took)).toBeLessThan(MOST_MS * CROWD * SLOW);
});

test('however far one goes, few rows are drawn', async () => {
  await list();
  await page.locator('[data-row="0"]').focus();
  const at = (): Promise<number> =>
    page.evaluate(() => Number((document.activeElement as HTMLElement | null)?.dataset['row'] ?? 0));
  while ((await at()) < 300) await page.keyboard.press('PageDown');
  await expect.poll(() => page.locator('.fleet tbody tr').count()).toBeLessThan(80);
  await expect.poll(() => page.locator(':focus').boundingBox()).toMatchObject({ y: expect.any(Number) });
});

test('the arrows go from row to row, Home goes to the first, Enter opens', async () => {
  await list();
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset['row'])).toBe('2');
  await page.keyboard.press('End');
  await page.waitForFunction(() => Number((document.activeElement as HTMLElement | null)?.dataset['row']) > 90);
  await page.keyboard.press('Home');
  await page.waitForFunction(() => (document.activeElement as HTMLElement | null)?.dataset['row'] === '0');
  const name = (await names())[0];
  const { id } = lab.fleet.find((row) => row.name === name) ?? { id: '' };
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/#/instances/${id}`);
});

test('"/" goes to the search, which the address keeps', async () => {
  await list();
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('BILLING-00');
  await page.waitForURL('**/#/instances?name=BILLING-00');
  await page.getByText(/^\d+ instances$/).waitFor();
  await expect.poll(async () => (await names()).every((name) => name.startsWith('billing-00'))).toBe(true);
  await page.reload();
  await page.locator('.fleet tbody a').first().waitFor();
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('BILLING-00');
});

test('filters narrow it down together, and are taken away together where nothing is left', async () => {
  await list();
  await page.getByLabel('State', { exact: true }).selectOption('late');
  await page.getByLabel('Datastore', { exact: true }).selectOption('mysql');
  const late = lab.fleet.filter(
    (row) => row.project_id === 'p-demo' && row.state === 'late' && row.datastore.type === 'mysql',
  );
  await page.getByText(`${late.length} instances`, { exact: true }).waitFor();
  await expect.poll(async () => (await names()).length).toBeGreaterThan(0);
  await expect.poll(async () => (await names()).filter((name) => !late.some((row) => row.name === name))).toEqual([]);
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await page.waitForURL('**/#/instances');
  await page.locator('.fleet tbody a').first().waitFor();
});

test('what can be filtered by is what the instances have', async () => {
  await list();
  const offered = (label: string) => page.getByLabel(label, { exact: true }).locator('option').allTextContents();
  await page
    .getByLabel('Policy', { exact: true })
    .locator('option', { hasText: 'six-hourly' })
    .waitFor({ state: 'attached' });
  await expect.poll(() => offered('Datastore')).toEqual(['Any datastore', 'mariadb', 'mysql', 'postgresql']);
  await expect.poll(() => offered('Policy')).toEqual(['Any policy', 'daily', 'six-hourly']);
});

test('a column is sorted by at a click, the other way at the next, and says so', async () => {
  await list();
  const head = page.getByRole('columnheader', { name: 'Newest point' });
  await head.getByRole('button').click();
  await page.waitForURL('**sort_key=newest_point_at&sort_dir=asc');
  await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');
  await head.getByRole('button').click();
  await page.waitForURL('**sort_dir=desc');
  const newest = lab.fleet
    .filter((row) => row.project_id === 'p-demo')
    .map((row) => row.newest_point_at ?? '')
    .sort()
    .at(-1);
  const first = lab.fleet.find((row) => row.newest_point_at === newest);
  await expect.poll(async () => (await names())[0]).toBe(first?.name);
});

test('what changes is shown without being asked for', async () => {
  await list('?name=orders-0009');
  const at = lab.fleet.findIndex(({ name }) => name === 'orders-0009');
  const row = lab.fleet[at];
  if (!row) throw new Error('there is no orders-0009');
  await page.locator('.fleet .badge').first().waitFor();
  lab.fleet[at] = { ...row, state: row.state === 'paused' ? 'late' : 'paused' };
  lab.tell({ kind: 'schedule', at: '2026-11-30T09:00:00.000Z', project_id: 'p-demo', instance_id: row.id });
  await page.locator(`.fleet tbody .badge.${lab.fleet[at].state}`).waitFor();
  lab.fleet[at] = row;
});

test('what changed between its being read and the first word of changes is shown, too', async () => {
  const at = lab.fleet.findIndex(({ name }) => name === 'orders-0009');
  const row = lab.fleet[at];
  if (!row) throw new Error('there is no orders-0009');
  const { promise: isRead, resolve: hear } = Promise.withResolvers<void>();
  await page.route('**/v1/events', async (route) => {
    await isRead;
    await route.continue();
  });
  await list('?name=orders-0009');
  lab.fleet[at] = { ...row, state: row.state === 'paused' ? 'late' : 'paused' };
  hear();
  await page.locator(`.fleet tbody .badge.${lab.fleet[at].state}`).waitFor();
  await page.unroute('**/v1/events');
  lab.fleet[at] = row;
});

test('a page that nobody sees takes no line of the browser, and shows what it missed when it is seen again', async () => {
  const at = lab.fleet.findIndex(({ name }) => name === 'orders-0009');
  const row = lab.fleet[at];
  if (!row) throw new Error('there is no orders-0009');
  const turn = (state: 'hidden' | 'visible'): Promise<void> =>
    page.evaluate((to) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => to });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await list('?name=orders-0009');
  await expect.poll(lab.listeners).toBe(1);
  await turn('hidden');
  await expect.poll(lab.listeners).toBe(0);
  lab.fleet[at] = { ...row, state: row.state === 'paused' ? 'late' : 'paused' };
  await turn('visible');
  await page.locator(`.fleet tbody .badge.${lab.fleet[at].state}`).waitFor();
  await expect.poll(lab.listeners).toBe(1);
  lab.fleet[at] = row;
});

test('who may look only is offered no change, and a list without rows says why', async () => {
  const other = await visit(browser, lab.url);
  await signIn(other.page, 'reader');
  await other.page.getByRole('heading', { level: 1, name: /attention|protected/ }).waitFor();
  await expect.poll(() => other.page.getByRole('button', { name: /Back up now|Resume/ }).count()).toBe(0);
  await other.page.goto(`${lab.url}#/instances?deleted=true`);
  await other.page.getByText('No instance matches').waitFor();
  await other.page.goto(`${lab.url}#/region`);
  await other.page.getByText('This page is for administrators').waitFor();
  expect(other.complaints).toEqual([]);
  await other.close();
});
