import type { Page } from 'playwright-core';
import type { Plugin } from 'vite';
import { expect, test } from 'vitest';
import { en } from '../../daemon/web/i18n/en/index.ts';
import { vi } from '../../daemon/web/i18n/vi/index.ts';
import { signIn, visit } from './lab/browser.ts';
import { builtPage } from './lab/built-page.ts';
import { browser, lab, useLab } from './lab/hooks.ts';
import { startLab } from './lab/index.ts';

type Tree = { readonly [name: string]: Tree | string | ((p: never) => string) };

function strings(tree: Tree, path = ''): readonly (readonly [path: string, text: string])[] {
  return Object.entries(tree).flatMap(([name, it]) => {
    if (typeof it === 'string') return [[`${path}${name}`, it] as const];
    return typeof it === 'function' ? [] : strings(it, `${path}${name}.`);
  });
}

/** What is a name in both. */
const SAME = new Set(['overview.instance']);

test('no sentence of the Vietnamese catalogue is the English one', () => {
  const english = new Map(strings(en));
  const left = strings(vi).filter(([path, text]) => english.get(path) === text && !SAME.has(path));
  expect(english.size).toBeGreaterThan(100);
  expect(left).toEqual([]);
});

/** A page whose every sentence stands in brackets. */
const marking: Plugin = {
  name: 'marked',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/i18n/vi/index.ts')) return null;
    return `${code.replace('export const vi: Sentences =', 'const plain: Sentences =')}
      const mark = (it: any): any =>
        typeof it === 'string' ? '⟦' + it + '⟧'
        : typeof it === 'function' ? (p: any) => '⟦' + it(p) + '⟧'
        : Object.fromEntries(Object.entries(it).map(([name, value]) => [name, mark(value)]));
      export const vi: Sentences = mark(plain);`;
  },
};

/** Data, and what Intl writes: everything else that can be read must come from the catalogue. */
const DATA: readonly RegExp[] = [
  /^[\s\d.,·:%/+-]*$/,
  /^\S*-\d{4}$/, // names of instances
  /^(p-)?(demo|shop|research[\w-]*|daily|six-hourly)$/,
  /^(mysql|mariadb|postgresql)( [\d.]+)?$/,
  /^(English|Tiếng Việt)$/,
  /^(sau|\d+) .*(nữa|trước)$|^(hôm|ngày) \S+$/, // relative times
  /^(Th \d|Thứ \d|CN)(, .*)?$/,
];

function readable(): readonly string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // The service's own sentences are written in the language that it was asked in.
    const isTold = node.parentElement?.closest('noscript, title, .reason, .why, .tally, .note, .health .hint');
    if (!isTold) found.push(node.textContent?.trim() ?? '');
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder]'))
    found.push(element.getAttribute('aria-label') ?? element.getAttribute('placeholder') ?? '');
  return found;
}

useLab(async () => ({ instances: 60, page: await builtPage(marking) }));

async function unmarked(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(readable);
  expect(texts.length).toBeGreaterThan(10);
  return texts.filter((text) => !DATA.some((data) => data.test(text.replaceAll(/⟦[\s\S]*?⟧/g, '').trim())));
}

test('everything that can be read comes from the catalogue', async () => {
  const { page, close } = await visit(browser, lab.url, { language: 'vi' });
  await page.locator('form').waitFor();
  await page.locator('button[type=submit]').click();
  expect(await unmarked(page)).toEqual([]);
  await signIn(page, 'admin');
  for (const [hash, ready] of [
    ['#/overview', '#headline'],
    ['#/instances', '.fleet tbody a'],
    ['#/instances?name=nothing', '.empty'],
    ['#/region', '.heat'],
    ['#/nowhere', '.empty'],
  ] as const) {
    await page.goto(lab.url + hash);
    await page.locator(ready).first().waitFor();
    expect.soft(await unmarked(page), hash).toEqual([]);
  }
  await page.locator('.account button').click();
  expect(await unmarked(page)).toEqual([]);
  await close();
});

test('the language that one chose is that of everything at once, the service’s reasons too, and stays', async () => {
  const other = await startLab({ instances: 400 });
  const { page, close } = await visit(browser, other.url);
  await signIn(page);
  const reason = page.locator('.attention .reason').first();
  const before = (await reason.textContent()) ?? '';
  await page.getByRole('button', { name: 'Account and settings' }).click();
  await page.getByLabel('Language').selectOption('Tiếng Việt');
  await page.getByRole('heading', { level: 2, name: 'Cần chú ý' }).waitFor();
  await page.locator('.attention .reason', { hasText: before }).waitFor({ state: 'detached' });
  await expect.poll(() => reason.textContent()).toMatch(/[àáảãạăâđèéẻẽẹêìíòóôơùúưỳý]/i);
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('vi');
  await page.reload();
  await page.getByRole('heading', { level: 2, name: 'Cần chú ý' }).waitFor();
  await close();
  await other.stop();
});
