import { afterEach, expect, test } from 'vitest';
import { signIn, visit } from './lab/browser.ts';
import { browser, lab, useLab } from './lab/hooks.ts';

useLab({ instances: 30 });
// One that fails leaves the others a service.
afterEach(() => lab.comeBack());

test('when the service is away it is said since when, what is there stays, and it comes back by itself', async () => {
  const { page, close, complaints } = await visit(browser, lab.url);
  await signIn(page);
  const heading = page.getByRole('heading', { level: 1, name: /attention|protected/ });
  await heading.waitFor();
  const before = await heading.textContent();
  lab.goAway();
  await page.getByText('Cannot reach the service since 16:00.').waitFor();
  await expect.poll(() => heading.textContent()).toBe(before);
  for (const [i, row] of lab.fleet.entries())
    if (row.project_id === 'p-demo') lab.fleet[i] = { ...row, state: 'protected' };
  lab.comeBack();
  await page.getByText('Cannot reach the service').waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1, name: 'All 30 instances are protected.' }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test('what was typed into a form is there still after the service was away', async () => {
  const { page, close } = await visit(browser, lab.url);
  await page.locator('input[name=username]').fill('demo');
  await page.locator('input[name=password]').fill('demo');
  lab.goAway();
  await page.locator('button[type=submit]').click();
  await page.getByText('The service cannot be reached.').waitFor();
  await expect.poll(() => page.locator('input[name=password]').inputValue()).toBe('demo');
  lab.comeBack();
  await page.locator('button[type=submit]').click();
  await page.locator('header.top').waitFor();
  await close();
});

test('a page that is opened while the service is away says so, and goes on when asked', async () => {
  const { page, close } = await visit(browser, lab.url);
  await page.route('**/v1/session', (asked) => asked.abort());
  await page.reload();
  await page.getByText('The service cannot be reached.').waitFor();
  await page.unroute('**/v1/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await close();
});

test('who signs out while the service is away sees no more, and is told that his session lives on there', async () => {
  const { page, close } = await visit(browser, lab.url);
  await signIn(page);
  await page.getByRole('button', { name: 'Account and settings' }).click();
  lab.goAway();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('.toasts').getByText('could not be told that you signed out').waitFor();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  lab.comeBack();
  await close();
});
