import type { Browser, Locator, Page } from 'playwright-core';
import { signIn, startBrowser, type Visit, type VisitOptions, visit } from './browser.ts';
import { type Lab, type LabOptions, startLab } from './index.ts';
import { routesOf } from './world/routes/index.ts';
import { World } from './world/world.ts';

export interface Opened {
  readonly page: Page;
  readonly world: World;
  readonly complaints: readonly string[];
}
export interface OpenOptions extends VisitOptions {
  readonly user?: 'demo' | 'reader' | 'admin';
  readonly path?: string;
  /** Changes the world before anybody looks at it. */
  readonly before?: (world: World) => void;
}
export interface Stage {
  readonly lab: Lab;
  /** A new world, and a page that looks at it: signed in to once, since that takes the longest. */
  open(options?: OpenOptions): Promise<Opened>;
  /** Before anybody has signed in. */
  arrive(options?: VisitOptions): Promise<Visit>;
  close(): Promise<void>;
}

export async function startStage({
  instances = 20,
  well,
}: Pick<LabOptions, 'instances' | 'well'> = {}): Promise<Stage> {
  const browser: Browser = await startBrowser();
  let world = new World();
  const lab: Lab = await startLab({ instances, ...(well !== undefined && { well }), routes: [routesOf(() => world)] });
  const visits = new Map<string, Visit>();

  async function visitOf(key: string, options: OpenOptions): Promise<Visit> {
    const known = visits.get(key);
    if (known) return known;
    const made = await visit(browser, lab.url, options);
    await signIn(made.page, options.user ?? 'demo');
    visits.set(key, made);
    return made;
  }

  return {
    lab,
    async open(options = {}) {
      const { user, language, theme, width = 1440, height = 900, path = 'instances/i1', before } = options;
      const { page, complaints } = await visitOf(JSON.stringify([user, language, theme]), options);
      await page.evaluate('sessionStorage.clear()');
      await page.goto('about:blank');
      await page.setViewportSize({ width, height });
      world = new World();
      before?.(world);
      world.tellPage = (event) => lab.tell(event);
      complaints.length = 0;
      await page.goto(`${lab.url}#/${path}`);
      await page.locator('h1').waitFor();
      return { page, world, complaints };
    },
    arrive: (options) => visit(browser, lab.url, options),
    async close() {
      await browser.close();
      await lab.stop();
    },
  };
}

/** As a click on it, wherever on the page it lies. */
export const pick = (control: Locator): Promise<void> => control.evaluate((it) => (it as HTMLElement).click());

/** Waits for what the page asked the service for. */
export async function asked(world: World, what: string, times = 1): Promise<readonly unknown[]> {
  const end = Date.now() + 15_000;
  while (world.all(what).length < times && Date.now() < end) await new Promise((resume) => setTimeout(resume, 25));
  return world.all(what);
}
