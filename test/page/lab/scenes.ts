import type { Page } from 'playwright-core';
import { pick } from './stage.ts';
import type { World } from './world/world.ts';

export interface Scene {
  readonly path: string;
  readonly user?: 'demo' | 'admin';
  /** Goes to what is to be seen, and waits until it is. */
  readonly begin: (page: Page) => Promise<unknown>;
  /** How things are. */
  readonly world?: (world: World) => void;
  /** Where what is new of it lies; else all of the page is judged. */
  readonly part?: string;
  /** false: the window alone is looked at, since the page is endless or lies below a dialog. */
  readonly isTall?: boolean;
}

const INSTANCE = 'instances/i1';
const backup = (page: Page, id: string) => page.locator(`[data-backup="${id}"]`);
const choose = async (page: Page, id: string): Promise<void> => {
  await pick(page.locator('.toolbar .segments input').last());
  await backup(page, id).dispatchEvent('click');
};

/** All that a tenant and an admin get to see, by what it is called in the folder of pictures. */
export const SCENES: Readonly<Record<string, Scene>> = {
  overview: { path: 'overview', begin: (page) => page.locator('#headline').waitFor() },
  instances: { path: 'instances', begin: (page) => page.locator('.fleet tbody a').first().waitFor(), isTall: false },
  'instances-none': {
    path: 'instances?name=nothing',
    begin: (page) => page.locator('.empty').waitFor(),
    isTall: false,
  },
  instance: {
    path: INSTANCE,
    begin: async (page) => {
      await choose(page, 'w2-3');
      await pick(page.locator('.signs summary'));
    },
  },
  'instance-table': {
    path: INSTANCE,
    begin: (page) => pick(page.locator('.chains-card .segments input').nth(1)),
    part: '.chains-card',
  },
  'schedule-editor': {
    path: INSTANCE,
    begin: async (page) => {
      await pick(page.locator('[aria-labelledby=schedule-title] header button').last());
      for (const nth of [1, 5, 7]) await pick(page.locator('.choice input[type=radio]').nth(nth));
      await page.locator('.choice input:not([type=radio])').last().fill('3');
      await page.locator('.preview .slots li').nth(9).waitFor();
      await page.evaluate('scrollTo(0, 0)');
    },
    part: '[aria-labelledby=schedule-title]',
  },
  history: {
    path: INSTANCE,
    begin: async (page) => {
      await page.locator('[aria-labelledby=history-title] tbody tr').first().waitFor();
      await page.locator('[aria-labelledby=history-title]').evaluate((it) => it.scrollIntoView());
    },
    part: '[aria-labelledby=history-title]',
    isTall: false,
  },
  restore: {
    path: INSTANCE,
    begin: async (page) => {
      await choose(page, 'w3-4');
      await pick(page.locator('.panel .actions button').first());
      await page.locator('dialog select').first().waitFor();
    },
    part: 'dialog',
    isTall: false,
  },
  deletion: {
    path: INSTANCE,
    begin: async (page) => {
      await choose(page, 'w2-2');
      await pick(page.locator('.panel .button.danger'));
      await page.locator('dialog .cascade').waitFor();
    },
    part: 'dialog',
    isTall: false,
  },
  policies: { path: 'policies', begin: (page) => page.locator('article').last().waitFor() },
  'policy-editor': {
    path: 'policies/pol-1',
    begin: (page) => page.locator('.forecast-chart').waitFor(),
  },
  'policy-shortage': {
    path: 'policies/pol-1',
    world: (world) => {
      world.shortage = 'adapt';
    },
    begin: (page) => page.locator('.forecast-chart path.wanted').waitFor(),
  },
  region: { path: 'region', user: 'admin', begin: (page) => page.locator('.heat').first().waitFor() },
};
