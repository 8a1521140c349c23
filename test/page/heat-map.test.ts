import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startBrowser, visit } from './lab/browser.ts';
import { type Lab, startLab } from './lab/index.ts';

let browser: Browser;
let lab: Lab;
beforeAll(async () => {
  browser = await startBrowser();
  lab = await startLab({ instances: 60 });
});
afterAll(async () => {
  await browser.close();
  await lab.stop();
});

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
