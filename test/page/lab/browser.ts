import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { NOW_UTC } from './fleet.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** How many times slower than it is the browser is to be, so that a look that does not wait shows itself. */
export const SLOW = Number(process.env['PAGE_SLOW'] ?? 1);

/** Debian's own; as root it wants to be told that it needs no sandbox. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

export interface VisitOptions {
  readonly width?: number;
  readonly height?: number;
  readonly language?: 'en' | 'vi';
  readonly theme?: 'light' | 'dark';
  readonly clock?: 'still' | 'real';
}

export interface Visit {
  readonly page: Page;
  /** What the browser complained of: anything about the policy of contents, and every uncaught error. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A browser of its own for each, where nothing else is said at a time that stands still. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1440, height = 900, language = 'en', theme = 'light' } = options;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    locale: language === 'vi' ? 'vi-VN' : 'en-GB',
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: theme,
    reducedMotion: 'reduce',
    ignoreHTTPSErrors: true, // a proxy's certificate is signed by nobody whom the browser knows
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    // A refused answer is told by the browser, too; the page shows it.
    if (['error', 'warning'].includes(message.type()) && !text.startsWith('Failed to load resource'))
      complaints.push(text);
  });
  page.setDefaultTimeout(20_000);
  if (SLOW > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOW });
  if (options.clock !== 'real') await page.clock.setFixedTime(NOW_UTC);
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

export async function signIn(page: Page, user = 'demo'): Promise<void> {
  await page.locator('input[name=username]').fill(user);
  await page.locator('input[name=password]').fill(user);
  await page.locator('button[type=submit]').click();
  await page.locator('header.top').waitFor();
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = 'color-contrast';
/** Of WCAG 2.2 AA. Colours take as long as all else together. */
const RULES = {
  all: { runOnly: TAGS },
  structure: { runOnly: TAGS, rules: { [COLOURS]: { enabled: false } } },
  colours: { runOnly: [COLOURS] },
};
export type Rules = keyof typeof RULES;

/** What axe finds. It is evaluated by the debugger, which the page's policy does not stop. */
export async function violations(page: Page, rules: Rules = 'all', within = 'html'): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe);
  const options = { ...RULES[rules], resultTypes: ['violations'] };
  const found = (await page.evaluate(`axe.run(${JSON.stringify(within)}, ${JSON.stringify(options)})`)) as AxeResult;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** What stands out to the right of the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
