import { expect, test } from 'vitest';
import { signIn, violations, visit } from './lab/browser.ts';
import { browser, lab, useLab } from './lab/hooks.ts';

useLab({ instances: 60 });

test('the colours that one chose stay, whatever the system says', async () => {
  const { page, close } = await visit(browser, lab.url, { theme: 'light' });
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.locator('form').waitFor();
  const light = await background();
  await page.getByLabel('Colours').selectOption('dark');
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await page.locator('form').waitFor();
  await expect.poll(background).toBe(dark);
  await close();
});

test('one comes past the navigation at once', async () => {
  const { page, close } = await visit(browser, lab.url);
  await signIn(page);
  await page.getByRole('heading', { level: 1, name: /attention|protected/ }).waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Tab');
  await expect.poll(() => page.locator(':focus').textContent()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  await close();
});

test('what is chosen once in a while lies behind the account, and is well made too', async () => {
  const { page, complaints, close } = await visit(browser, lab.url);
  await signIn(page);
  await page.getByRole('button', { name: 'Account and settings' }).click();
  await page.getByLabel('Project', { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByLabel('Project', { exact: true }).waitFor({ state: 'detached' });
  await expect.poll(() => page.locator(':focus').textContent()).toContain('Account and settings');
  expect(complaints).toEqual([]);
  await close();
});
