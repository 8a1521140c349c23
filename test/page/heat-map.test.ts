import { expect, test } from 'vitest';
import { signIn, visit } from './lab/browser.ts';
import { browser, lab, useLab } from './lab/hooks.ts';

useLab({ instances: 60 });

test('the week’s hours are gone through by the arrows, and each is told', async () => {
  const { page, close } = await visit(browser, lab.url);
  await signIn(page, 'admin');
  await page.goto(`${lab.url}#/region`);
  await page.locator('.heat').first().focus();
  const told = () => page.locator('.legend span').first().textContent();
  await expect.poll(told).toMatch(/16:00: \d+ start/);
  await page.keyboard.press('ArrowRight');
  await expect.poll(told).toMatch(/17:00: \d+ start/);
  await page.keyboard.press('ArrowDown');
  await expect.poll(told).toMatch(/Tue.*17:00/);
  await expect.poll(() => page.locator('.heat[tabindex="0"]').count()).toBe(1);
  await close();
});
