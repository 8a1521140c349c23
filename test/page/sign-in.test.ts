import { afterEach, expect, test } from 'vitest';
import { signIn, type Visit, type VisitOptions, visit } from './lab/browser.ts';
import { browser, lab, useLab } from './lab/hooks.ts';

useLab({ instances: 30, basePath: '/clouds/backups/' });
let current: Visit | null = null;
afterEach(async () => {
  expect(current?.complaints).toEqual([]);
  await current?.close();
  current = null;
});

async function open(options: VisitOptions = {}) {
  current = await visit(browser, lab.url, options);
  return current.page;
}

test('one signs in by the keyboard alone, behind a proxy’s path, and out again', async () => {
  const page = await open();
  await page.locator('input[name=username]').focus();
  await page.keyboard.type('demo');
  await page.keyboard.press('Tab');
  await page.keyboard.type('demo');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /attention|protected/ }).waitFor();
  await page.getByRole('button', { name: 'Account and settings' }).press('Enter');
  await page.getByRole('button', { name: 'Sign out' }).press('Enter');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('what is missing is told at its field, and nothing is sent', async () => {
  const page = await open();
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => page.getByLabel('User', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await expect.poll(() => page.getByText('Fill this in.').count()).toBe(2);
  expect(sent).toEqual([]);
});

test('a wrong password, and the sixth try within a minute, say what to do', async () => {
  const page = await open();
  await page.locator('input[name=username]').fill('demo');
  await page.locator('input[name=password]').fill('wrong');
  for (let n = 0; n < 5; n += 1) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect((await answered).status()).toBe(401);
    await page.getByText('is not right').waitFor();
    await page.locator('button[type=submit]:not([aria-busy])').waitFor();
  }
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Try again in 40 seconds.').waitFor();
  await expect.poll(() => page.locator('input[name=username]').inputValue()).toBe('demo');
  lab.forgetTries();
});

test('a token does as well', async () => {
  const page = await open();
  await page.getByRole('radio', { name: 'Token' }).check({ force: true });
  await page.getByLabel('Token', { exact: true }).last().fill('reader');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('header.top').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Back up now' }).count()).toBe(0);
});

test('another project is gone to without signing in anew, and what it has is shown', async () => {
  const page = await open();
  await signIn(page);
  await page.getByRole('button', { name: 'Account and settings' }).click();
  await page.getByLabel('Project', { exact: true }).selectOption('shop');
  await page.locator('.account .name', { hasText: 'shop' }).waitFor();
  await page.getByRole('heading', { level: 1, name: /30|29/ }).waitFor();
});

test('a session that ends is signed in to again over what one was at, which then goes on', async () => {
  const page = await open();
  await signIn(page);
  await page.getByRole('link', { name: 'Instances' }).click();
  await page.getByRole('row').nth(3).waitFor();
  lab.endSessions();
  await page.getByRole('searchbox').fill('billing');
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor();
  await expect.poll(() => dialog.locator('input[name=username]').inputValue()).toBe('demo');
  await dialog.locator('input[name=password]').fill('demo');
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  await page
    .getByRole('link', { name: /^billing/ })
    .first()
    .waitFor();
  await page
    .getByRole('link', { name: /^orders/ })
    .first()
    .waitFor({ state: 'detached' });
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('billing');
});

test('where the page was is where one is after signing in', async () => {
  const page = await open();
  await page.goto(`${lab.url}#/instances?state=late`);
  await signIn(page);
  await page.getByRole('heading', { level: 1, name: 'Instances' }).waitFor();
  await expect.poll(() => page.getByLabel('State').inputValue()).toBe('late');
});
