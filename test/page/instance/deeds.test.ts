import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { asked, type Opened, type Stage, startStage } from '../lab/stage.ts';

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
const dialog = () => it.page.getByRole('dialog');
async function begin(id: string, deed: string): Promise<void> {
  await point(id).click();
  await it.page.locator('.panel').getByRole('button', { name: deed, exact: true }).click();
}

test('a hold says what it does, wants to know why, shows a refusal with what to do, and keeps what was typed', async () => {
  it = await stage.open();
  await begin('w3-0', 'Hold');
  await dialog().getByText('While it is held').waitFor();
  await dialog().getByRole('button', { name: 'Hold it' }).click();
  await dialog().getByText('Say why').waitFor();
  expect(it.world.all('hold')).toEqual([]);
  await dialog().getByLabel('Why it is held').fill('refuse me');
  await dialog().getByRole('button', { name: 'Hold it' }).click();
  const alert = dialog().getByRole('alert');
  for (const part of ['this backup cannot be held now', 'try again in a minute', 'req-'])
    await expect.poll(() => alert.innerText()).toContain(part);
  await dialog().getByLabel('Why it is held').fill('audit');
  await dialog().getByLabel('Until', { exact: true }).selectOption({ label: 'Until a time' });
  await dialog().getByRole('button', { name: 'Hold it' }).click();
  await it.page.getByText('is held.').waitFor();
  expect(await asked(it.world, 'hold', 2)).toEqual([
    { note: 'refuse me', until_at: null },
    { note: 'audit', until_at: '2026-12-07T09:00:00.000Z' },
  ]);
  await point('w3-0').locator('.pin').waitFor();
  await begin('w3-0', 'Release');
  await dialog().getByRole('button', { name: 'Release it' }).click();
  expect(await asked(it.world, 'release')).toEqual(['w3-0']);
});

test('what is marked is kept after all', async () => {
  it = await stage.open();
  await begin('w1-2', 'Keep after all');
  await dialog()
    .getByText(/It is marked and goes at/)
    .waitFor();
  await dialog().getByRole('button', { name: 'Keep it' }).click();
  await it.page.getByText('is marked no more').waitFor();
  expect(await asked(it.world, 'undo')).toEqual(['w1-2']);
  await point('w1-2').locator('.pin').waitFor();
});

test('a deletion names all that goes with it, warns of what is held, and wants the name', async () => {
  it = await stage.open();
  await begin('w2-2', 'Delete…');
  for (const part of ['What stands on it goes as well, 5 backups', 'manual-on-auto', 'Held: auto-shop-db'])
    await expect.poll(() => dialog().innerText()).toContain(part);
  await dialog().getByRole('button', { name: 'Delete 6 backups' }).click();
  await dialog().getByText('This is not its name.').waitFor();
  expect(it.world.all('delete')).toEqual([]);
  const name = it.world.backups.find(({ id }) => id === 'w2-2')?.name ?? '';
  await dialog().getByLabel(/Type/).fill(name);
  await dialog().getByRole('button', { name: 'Delete 6 backups' }).click();
  expect(await asked(it.world, 'delete')).toEqual([{ id: 'w2-2', cascade: true }]);
  await it.page.getByText('Trove has the request').waitFor();
  await point('w2-2').waitFor({ state: 'detached' });
});

test('what nothing stands on goes alone, without a cascade', async () => {
  it = await stage.open();
  await begin('failed', 'Delete…');
  await dialog().getByText('Nothing stands on it').waitFor();
  await dialog().getByLabel(/Type/).fill('auto-shop-db-failed');
  await it.page.keyboard.press('Enter');
  expect(await asked(it.world, 'delete')).toEqual([{ id: 'failed', cascade: false }]);
});

test('a backup now is asked for once, however often it is clicked, and followed to its end', async () => {
  it = await stage.open();
  await it.page.getByRole('button', { name: 'Back up now' }).click();
  await dialog().getByLabel('Kind').selectOption({ label: 'Full' });
  await dialog().getByLabel('Keep it').selectOption({ label: 'For' });
  await dialog().getByRole('textbox', { name: 'For' }).fill('14');
  await dialog().getByLabel(/Note/).fill('before the release');
  await dialog().getByRole('button', { name: 'Back up now' }).dblclick();
  await dialog().getByText('Asked for').waitFor();
  const requests = await asked(it.world, 'back-up-now');
  expect(requests).toEqual([
    { kind: 'full', keep: 'P14D', note: 'before the release', key: expect.stringMatching(/^[0-9a-f]{32}$/) },
  ]);
  it.world.setRun('run-now', { state: 'running' });
  await dialog().getByText('Running').waitFor();
  it.world.setRun('run-now', { state: 'completed' });
  await dialog().getByText('Done: a recovery point of').waitFor();
});

test('a request that has not begun is taken back', async () => {
  it = await stage.open();
  await it.page.getByRole('button', { name: 'Back up now' }).click();
  await dialog().getByRole('button', { name: 'Back up now' }).click();
  await dialog().getByRole('button', { name: 'Take the request back' }).click();
  await dialog().getByText('nothing was made').waitFor();
});

test('a restore makes a new instance from choices, and follows it until it is up', async () => {
  it = await stage.open();
  await begin('w3-4', 'Restore…');
  await expect.poll(() => dialog().getByLabel('Name of the new instance').inputValue()).toBe('shop-db-restored');
  await dialog().getByLabel('Flavor').selectOption({ label: 'db.large, 8 GB' });
  await dialog().getByLabel('Network').selectOption({ label: 'databases' });
  await dialog().getByText('The backup needs 3 GB at least.').waitFor();
  for (const wrong of ['none', '2']) {
    await dialog()
      .getByLabel(/Volume/)
      .fill(wrong);
    await dialog().getByRole('button', { name: 'Make the instance' }).click();
    await dialog().getByText('Give a whole number of at least 3.').waitFor();
  }
  expect(it.world.all('restore')).toEqual([]);
  await dialog()
    .getByLabel(/Volume/)
    .fill('10');
  await dialog().getByRole('button', { name: 'Make the instance' }).click();
  expect(await asked(it.world, 'restore')).toEqual([
    {
      name: 'shop-db-restored',
      flavor_id: 'f2',
      volume_size_gb: 10,
      network_id: 'n1',
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ]);
  await dialog().getByText('Trove says: BUILD').waitFor();
  it.world.setStatus('i-new', 'ACTIVE');
  it.world.tell('instance');
  await dialog().getByText('is up.').waitFor();
  await dialog().getByRole('link', { name: 'Show the new instance' }).click();
  await it.page.getByRole('heading', { name: 'shop-db-restored' }).waitFor();
});

test('where the catalogue has no Neutron, a network is given as an id', async () => {
  it = await stage.open({
    before: (world) => {
      world.networks = null;
    },
  });
  await begin('foreign-alone', 'Restore…');
  await dialog().getByLabel('Id of the network').fill('net-7');
  await dialog().getByRole('button', { name: 'Make the instance' }).click();
  expect(await asked(it.world, 'restore')).toMatchObject([{ network_id: 'net-7' }]);
});

test('history is filtered, paged, explained and downloaded', async () => {
  it = await stage.open();
  const history = it.page.getByRole('region', { name: 'History' });
  const rows = history.locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(20);
  await history.getByRole('button', { name: 'Older runs' }).click();
  await history.getByRole('button', { name: 'Newest runs' }).waitFor();
  await history.getByLabel('State').selectOption({ label: 'Failed' });
  await it.page.waitForFunction(
    () => document.querySelectorAll('[aria-labelledby=history-title] tbody tr').length === 4,
  );
  await expect.poll(() => rows.first().innerText()).toContain('The backup ended as FAILED.');
  await expect
    .poll(() => history.getByRole('link', { name: 'Download as CSV' }).getAttribute('href'))
    .toMatch(/v1\/runs\?instance_id=i1&state=failed&format=csv$/);
  await rows.first().getByRole('button', { name: 'Explain' }).click();
  await dialog().getByText('Its schedule names 22:00').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).click();
  await it.page.getByLabel('At the time').fill('2026-11-20T22:00');
  await it.page.getByRole('button', { name: 'Explain', exact: true }).last().click();
  await dialog().getByText('Full, because there is no backup of ours').waitFor();
});

test('a reader sees it all and can change nothing, and is told why', async () => {
  it = await stage.open({ user: 'reader' });
  await point('w3-0').click();
  await it.page.locator('.panel').getByText('Your role lets you look').waitFor();
  await expect.poll(() => it.page.locator('.panel').getByRole('button').allInnerTexts()).toEqual([]);
  for (const name of ['Back up now', 'Change', 'Pause…']) {
    await expect.poll(() => it.page.getByRole('button', { name, exact: true }).count()).toBe(0);
  }
  await it.page.locator('.slots li').getByText('Mon 30 Nov, 23:24').waitFor();
  await expect.poll(() => it.page.locator('[aria-labelledby=history-title] tbody tr').count()).toBe(20);
});
