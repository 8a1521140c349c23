import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Opened, pick, type Stage, startStage } from '../lab/stage.ts';
import { reason } from '../lab/world/facts.ts';

let stage: Stage;
let it: Opened;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  expect(it.complaints).toEqual([]);
});

const point = (id: string) => it.page.locator(`[data-backup="${id}"]`);
const panel = () => it.page.locator('.panel');

test('arrow keys walk the backups, and show of each what pointing at it shows', async () => {
  it = await stage.open();
  await point('w3-6').focus();
  await it.page.keyboard.press('Home');
  await expect.poll(() => it.page.evaluate('document.activeElement.dataset.backup')).toBe('w1-0');
  await expect.poll(() => point('w1-0').getAttribute('aria-label')).toContain('Marked for deletion');
  await it.page.keyboard.press('ArrowRight');
  await expect.poll(() => it.page.evaluate('document.activeElement.dataset.backup')).toBe('w1-1');
  await it.page.keyboard.press('ArrowUp');
  await expect.poll(() => it.page.evaluate('document.activeElement.dataset.backup')).toMatch(/^w2-/);
  await point('w2-3').focus();
  const walked = await panel().innerText();
  await it.page.mouse.move(0, 0);
  await point('w1-0').focus();
  await point('w2-3').hover();
  await it.page.waitForFunction(() => document.querySelector('.panel')?.textContent?.includes('before the migration'));
  await expect.poll(() => panel().innerText()).toContain(walked.split('\n')[0]);
  await expect.poll(() => panel().innerText()).toContain('before the migration');
});

test('a chosen backup stays, with why it is there, what keeps it, and what can be done', async () => {
  it = await stage.open();
  await point('w2-0').focus();
  await it.page.keyboard.press('Enter');
  await expect.poll(() => point('w2-0').getAttribute('aria-pressed')).toBe('true');
  await panel().getByText('It was made for the slot of').waitFor();
  for (const part of [
    'monthly backup of the month from 1 Nov 2026',
    'weekly backup',
    'Stands on it',
    '7 backups',
    '0.4 GB',
  ]) {
    await expect.poll(() => panel().innerText()).toContain(part);
  }
  await expect.poll(() => panel().getByRole('button').allInnerTexts()).toEqual(['Restore…', 'Hold', 'Delete…']);
});

test("others' backups, failed and running ones are told apart without colour, and never offered what is not possible", async () => {
  it = await stage.open();
  await point('foreign-full').click();
  await expect.poll(() => panel().innerText()).toContain('This service never deletes it');
  await expect.poll(() => panel().getByRole('button').allInnerTexts()).toEqual(['Restore…', 'Delete…']);
  await expect.poll(() => point('foreign-full').locator('.body').getAttribute('fill')).toContain('hatch');
  await expect.poll(() => point('failed').locator('.cross').count()).toBe(1);
  await expect.poll(() => point('running').locator('.pulse').count()).toBe(1);
  await expect.poll(() => point('w2-3').locator('.pin').count()).toBe(1);
  await point('running').click();
  await expect.poll(() => panel().getByRole('button').allInnerTexts()).toEqual(['Hold']);
});

test('what stands on what can be gone to, and comes into sight', async () => {
  it = await stage.open();
  await pick(it.page.getByRole('radio', { name: 'Week', exact: true }));
  await expect.poll(() => point('w2-0').count()).toBe(0);
  await pick(it.page.getByRole('radio', { name: 'Table' }));
  await it.page
    .getByRole('table')
    .getByRole('button', { name: /16 Nov|Nov 16/ })
    .first()
    .click();
  await panel().getByText('Stands on it').waitFor();
  await pick(it.page.getByRole('radio', { name: 'Drawing' }));
  await pick(it.page.getByRole('radio', { name: 'All', exact: true }));
  await point('w2-1').click();
  await panel()
    .getByRole('button', { name: /^Full backup/ })
    .click();
  await point('w2-0').and(it.page.locator('[aria-pressed="true"]')).waitFor();
});

test('buttons and keys move and zoom the time that is shown, and what is left out is told', async () => {
  it = await stage.open();
  const shown = () => it.page.locator('[data-backup]').count();
  const all = it.world.backups.length;
  await expect.poll(shown).toBe(all);
  await pick(it.page.getByRole('radio', { name: 'Week', exact: true }));
  await expect.poll(shown).toBeLessThan(all);
  const week = await shown();
  await it.page.getByText(/\d+ backups before this/).waitFor();
  await it.page.getByRole('button', { name: 'Farther' }).click();
  await expect.poll(shown).toBeGreaterThan(week);
  await it.page.getByRole('button', { name: 'Earlier' }).click();
  await it.page.getByText(/after this/).waitFor();
  await point('w2-6').focus();
  await it.page.keyboard.press('+');
  await it.page.keyboard.press('PageDown');
  await it.page.keyboard.press('-');
  await expect.poll(shown).toBeGreaterThan(0);
});

test('the table has every backup, in words, the newest first', async () => {
  it = await stage.open();
  await pick(it.page.getByRole('radio', { name: 'Table' }));
  const rows = it.page.getByRole('table', { name: 'Backups' }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(it.world.backups.length);
  await expect.poll(() => rows.first().innerText()).toContain('Being made');
  await expect.poll(() => it.page.getByRole('table', { name: 'Backups' }).innerText()).toContain('by a user');
  // Without its lines the texture of others' backups would be nothing.
  await expect
    .poll(() => it.page.locator('.hatch').evaluate((lines) => getComputedStyle(lines).stroke))
    .not.toBe('none');
});

test('200 backups stay in reach on a phone', async () => {
  it = await stage.open({
    width: 320,
    before: (world) => {
      const [like] = world.backups;
      if (!like) throw new Error('no backup');
      world.backups = Array.from({ length: 200 }, (_, n) => ({
        ...like,
        id: `b${n}`,
        as_of_at: new Date(world.now - (200 - n) * 10_800_000).toISOString(),
      }));
    },
  });
  await pick(it.page.getByRole('radio', { name: 'All', exact: true }));
  await expect.poll(() => it.page.locator('[data-backup]').count()).toBe(200);
  const size = async () => it.page.locator('svg.chains').first().boundingBox();
  await expect.poll(async () => (await size())?.width).toBeLessThanOrEqual(320);
  await expect.poll(async () => (await size())?.height).toBeLessThan(1100);
});

test('a change that somebody else makes appears by itself', async () => {
  it = await stage.open();
  const held = it.world.backups.find(({ id }) => id === 'w3-2');
  if (!held) throw new Error('no backup w3-2');
  it.world.setBackup({ ...held, hold: { owner: 'minh', note: 'mine', until_at: null } });
  await point('w3-2').locator('.pin').waitFor();
  await expect.poll(() => point('w3-2').getAttribute('aria-label')).toContain('Held by minh');
});

test('why nothing is deleted now is told, and what of the project cannot be read', async () => {
  it = await stage.open({
    before: (world) => {
      world.untended = reason('paused', { owner: 'linh', note: 'migration', untilUtc: world.now + 86_400_000 });
      world.unreadable = 1;
    },
  });
  const card = it.page.getByRole('region', { name: 'Backups' });
  await card.getByText(/Nothing is deleted now\. .*linh/).waitFor();
  await card.getByText('1 backup of the project is shown by Trove in a form that cannot be read').waitFor();
});
