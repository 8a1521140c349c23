import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { openScene, type Scene } from '../../line/scene.ts';
import { apiOf, ask, SERVED, withSurplus } from '../../line/served.ts';
import type {} from '../../region/global-setup.ts';
import { type Region, regionAt } from '../../region/region.ts';
import { type Tenant, tenant, waitFor } from '../../region/tenant.ts';
import { startBrowser, type Visit, visit } from '../lab/browser.ts';

const MINUTE = 60_000;
/** Not kept in the repository. */
const ARTEFACTS = join(import.meta.dirname, '../artefacts/region');
let region: Region;
let browser: Browser;
const visits: Visit[] = [];
beforeAll(async () => {
  region = regionAt(inject('region'));
  await region.control({ backup_s: 1 });
  browser = await startBrowser();
});
afterAll(() => browser.close());
afterEach(async ({ task }) => {
  // What the browser showed when it failed says more than what was waited for.
  if (task.result?.state !== 'fail') return;
  mkdirSync(ARTEFACTS, { recursive: true });
  for (const [n, { page }] of visits.entries()) {
    await page.screenshot({ path: join(ARTEFACTS, `failed-${n}.png`), fullPage: true });
  }
});

/** The page of a daemon that runs, signed in to as who may look at it. */
async function openPage(scene: Scene, user: string, password = user, project = ''): Promise<Page> {
  const made = await visit(browser, `${apiOf(scene)}/`, { clock: 'real' });
  visits.push(made);
  const { page } = made;
  await page.locator('input[name=username]').fill(user);
  await page.locator('input[name=password]').fill(password);
  if (project !== '') await page.locator('input[name=project]').fill(project);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('header.top').waitFor();
  return page;
}

const dialog = (page: Page) => page.getByRole('dialog');
const point = (page: Page, id: string) => page.locator(`[data-backup="${id}"]`);
async function tokenOf(name: string): Promise<string> {
  const identity = {
    methods: ['password'],
    password: { user: { name, password: name, domain: { id: 'default' } } },
  };
  const answer = await fetch(`${region.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name, domain: { id: 'default' } } } } }),
  });
  return answer.headers.get('x-subject-token') ?? '';
}

/** As its user sees it: from the message on the bus to a backup, without anybody having asked. */
async function seesNewInstance(scene: Scene, page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Instances' }).click();
  const id = await scene.instance('orders');
  await page.getByRole('link', { name: 'orders', exact: true }).click({ timeout: MINUTE });
  await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
  await page.locator('.sentence').getByText('between 22:00 and 06:00').waitFor();
  await page.locator('[data-backup]').first().waitFor({ timeout: MINUTE });
  return id;
}

async function changesWindow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const own = page.getByRole('group', { name: 'Window', exact: true });
  await own.getByRole('radio', { name: 'Own value' }).check();
  await own.getByLabel('From').fill('01:00');
  await own.getByLabel('To').fill('04:00');
  const preview = page.getByRole('region', { name: 'What it will do' });
  await preview.locator('.slots li').nth(9).waitFor();
  await expect.poll(() => page.locator('.sentence').first().innerText()).toContain('between 22:00 and 06:00');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved. The new schedule holds').waitFor();
  await page.locator('.sentence').getByText('between 01:00 and 04:00').waitFor();
}

async function backsUpNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Back up now' }).click();
  await dialog(page).getByLabel(/Note/).fill('before the release');
  await dialog(page).getByRole('button', { name: 'Back up now' }).click();
  await dialog(page).getByText('Done: a recovery point of').waitFor({ timeout: MINUTE });
  await dialog(page).locator('footer').getByRole('button', { name: 'Close' }).click();
}

async function holds(page: Page, backup: string): Promise<void> {
  await point(page, backup).click();
  await page.locator('.panel').getByRole('button', { name: 'Hold', exact: true }).click();
  await dialog(page).getByLabel('Why it is held').fill('audit');
  await dialog(page).getByRole('button', { name: 'Hold it' }).click();
  await point(page, backup).locator('.pin').waitFor();
}

/** What is marked, its user wants after all. */
async function undoesPrune(scene: Scene, page: Page, id: string): Promise<void> {
  const marked = await scene.next('prune.marked', id, 0);
  const backup = String(marked['backup']);
  await page.goto(`${page.url().split('#')[0]}#/instances/${id}`);
  await point(page, backup).click();
  await page.locator('.panel').getByRole('button', { name: 'Keep after all' }).click();
  await dialog(page).getByRole('button', { name: 'Keep it' }).click();
  await page.getByText('is marked no more').waitFor();
  await point(page, backup).locator('.pin').waitFor();
}

async function restores(page: Page, user: Tenant, backup: string): Promise<void> {
  await point(page, backup).click();
  await page.locator('.panel').getByRole('button', { name: 'Restore…' }).click();
  await dialog(page).getByLabel('Name of the new instance').fill('orders-again');
  await dialog(page).getByRole('button', { name: 'Make the instance' }).click();
  await dialog(page)
    .getByText('orders-again is up.')
    .waitFor({ timeout: 2 * MINUTE });
  const { body } = await user.request('GET', '/instances');
  const rows = (body as { instances: readonly { id: string; name: string; status: string }[] }).instances;
  // It is new, so its first backup may be under way already.
  expect(['ACTIVE', 'BACKUP']).toContain(rows.find(({ name }) => name === 'orders-again')?.status);
  await dialog(page).getByRole('link', { name: 'Show the new instance' }).click();
  await page.getByRole('heading', { level: 1, name: 'orders-again' }).waitFor({ timeout: MINUTE });
  const { id } = rows.find(({ name }) => name === 'orders-again') ?? {};
  const deleted = async () => (await user.request('DELETE', `/instances/${id}`)).status === 202;
  await waitFor(deleted, { timeoutMs: MINUTE });
  await waitFor(async () => (await user.request('GET', `/instances/${id}`)).status === 404, { timeoutMs: MINUTE });
}

test(
  'a tenant sees and manages backups on the page; a reader changes nothing, another project sees nothing, an admin all',
  async () => {
    const scene = await openScene(region, 'demo', { policy: 'every: day', settings: SERVED, isKnown: true });
    const surplus = await withSurplus(scene);
    await scene.stage.daemon.start();
    const page = await openPage(scene, 'demo');
    const id = await seesNewInstance(scene, page);
    await changesWindow(page);
    await backsUpNow(page);
    const [first] = await scene.backups(id);
    if (!first) throw new Error('no backup');
    await holds(page, first.id);
    await undoesPrune(scene, page, surplus);

    const reader = await openPage(scene, 'reader', 'reader', 'demo');
    await reader.goto(`${reader.url().split('#')[0]}#/instances/${id}`);
    await reader.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    await expect.poll(() => reader.getByRole('button', { name: 'Back up now' }).count()).toBe(0);
    await expect.poll(() => reader.getByRole('button', { name: 'Change', exact: true }).count()).toBe(0);

    const alt = await tenant(region, { username: 'alt', password: 'alt', project: 'alt' });
    const other = await alt.createActive({ name: 'not-yours' });
    const stranger = await openPage(scene, 'alt');
    await stranger.goto(`${stranger.url().split('#')[0]}#/instances/${id}`);
    await stranger.getByText('there is no instance').waitFor();
    const seen = await ask(scene, await tokenOf('alt'), 'GET', `instances/${id}`);
    expect(seen.status).toBe(404);

    const admin = await openPage(scene, 'admin', 'secret', 'admin');
    await admin.getByRole('link', { name: 'Region' }).click();
    await admin.getByRole('link', { name: 'demo', exact: true }).first().waitFor();
    await admin.goto(`${admin.url().split('#')[0]}#/instances?all_projects=true`);
    for (const name of ['orders', 'not-yours']) {
      await admin.getByRole('link', { name, exact: true }).first().waitFor({ timeout: MINUTE });
    }
    await alt.deleteInstance(other.id);

    await page.goto(`${page.url().split('#')[0]}#/instances/${id}`);
    await restores(page, scene.user, first.id);
    await page.getByRole('button', { name: 'Account and settings' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(visits.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
  6 * MINUTE,
);
