import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startBrowser } from './browser.ts';
import { type Lab, type LabOptions, startLab } from './index.ts';

/** Of the file whose tests run: there from its first test on. */
export let browser: Browser;
export let lab: Lab;

/** To be called at the top of a file: one browser and one lab for all its tests. */
export function useLab(options: LabOptions | (() => Promise<LabOptions>)): void {
  beforeAll(async () => {
    browser = await startBrowser();
    lab = await startLab(typeof options === 'function' ? await options() : options);
  });
  afterAll(async () => {
    await browser.close();
    await lab.stop();
  });
}
