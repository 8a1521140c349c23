import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overflow, type Rules, violations } from './lab/browser.ts';
import { SCENES, type Scene } from './lab/scenes.ts';
import { type Stage, startStage } from './lab/stage.ts';
import type { World } from './lab/world/world.ts';

/** Each page in every look: nothing that axe complains of, nothing that stands out or is cut; and a picture. */
const ARTEFACTS = join(import.meta.dirname, 'artefacts');
const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390] as const;
type Theme = (typeof THEMES)[number];
type Language = 'en' | 'vi';

let stage: Stage;
beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  stage = await startStage({ instances: 160, well: 0.8 });
});
afterAll(() => stage.close());

/** Structure at each width, colours in both themes. In Vietnamese structure once: names and labels are other words there. */
function rulesFor(theme: Theme, language: Language, width: number): Rules | null {
  if (language !== 'en') return theme === 'light' && width <= 768 ? 'structure' : null;
  if (theme === 'dark') return width > 768 ? 'colours' : null;
  return width > 768 ? 'all' : 'structure';
}

const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** In each width and theme, without opening it anew. */
async function judge(page: Page, name: string, language: Language, scene: Partial<Scene> = {}): Promise<void> {
  const { part, isTall = true } = scene;
  expect.soft(await page.locator('h1').count(), name).toBe(1);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await drawn(page);
    if (part && !isTall) await page.locator(part).evaluate((it) => it.scrollIntoView());
    expect.soft(await overflow(page), `${name}, ${width} px`).toBeLessThanOrEqual(0);
    const clip = isTall && part ? await page.locator(part).boundingBox() : null;
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      const rules = rulesFor(theme, language, width);
      if (rules) expect.soft(await violations(page, rules, part), `${name}, ${theme}, ${width} px`).toEqual([]);
      const path = join(ARTEFACTS, `${name}-${language}-${theme}-${width}.png`);
      await page.screenshot({ path, fullPage: isTall, ...(clip && { clip }) });
    }
  }
}

/** Rows of the history that are looked at elsewhere: axe and the camera go by each. */
const withFewRuns = (world: World): void => {
  world.runs = world.runs.slice(0, 9);
};

test.each(['en', 'vi'] as const)(
  '%s: every page is well made, narrow and wide, light and dark',
  async (language) => {
    const arrived = await stage.arrive({ language });
    await arrived.page.locator('form').waitFor();
    await judge(arrived.page, 'sign-in', language);
    await arrived.close();
    for (const [name, scene] of Object.entries(SCENES)) {
      const { user = 'demo', path, begin } = scene;
      const before = (world: World): void => {
        if (name !== 'history') withFewRuns(world);
        scene.world?.(world);
      };
      const it = await stage.open({ language, user, path, before });
      await begin(it.page);
      await judge(it.page, name, language, scene);
      expect.soft(it.complaints, name).toEqual([]);
    }
  },
  120_000,
);

test.each(['overview', 'instance', 'instance-table'])(
  '%s fits any width from 320 to 3840 px, and on paper there is nothing to click',
  async (name) => {
    const scene = SCENES[name];
    if (!scene) throw new Error(`there is no scene ${name}`);
    const { page } = await stage.open({ width: 1024, path: scene.path });
    await scene.begin(page);
    for (const width of [320, 768, 1024, 3840]) {
      await page.setViewportSize({ width, height: 2000 });
      await drawn(page);
      expect.soft(await overflow(page), `${width} px`).toBeLessThanOrEqual(0);
    }
    await page.screenshot({ path: join(ARTEFACTS, `${name}-3840.png`) });
    await page.setViewportSize({ width: 794, height: 1123 }); // A4
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await drawn(page);
    const controls = page.locator('.button, select, .segments, .top nav').filter({ visible: true });
    expect.soft(await controls.count()).toBe(0);
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect.soft(background).toBe('rgb(255, 255, 255)');
    await page.screenshot({ path: join(ARTEFACTS, `${name}-print.png`), fullPage: true });
    await page.emulateMedia({ media: null, colorScheme: null });
  },
);
