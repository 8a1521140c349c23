import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { asked, type Opened, pick, type Stage, startStage } from '../lab/stage.ts';

let stage: Stage;
let it: Opened;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  expect(it.complaints).toEqual([]);
});

const own = (field: string) => it.page.getByRole('group', { name: field, exact: true });
const set = (field: string, to: 'Own value' | 'By policy') => pick(own(field).getByRole('radio', { name: to }));
const edit = () => it.page.getByRole('button', { name: 'Change', exact: true }).click();
const preview = () => it.page.getByRole('region', { name: 'What it will do' });
const save = () => pick(it.page.getByRole('button', { name: 'Save', exact: true }));

test('each value of the sentence says where it comes from', async () => {
  it = await stage.open();
  const told = it.page.locator('.told');
  await expect
    .poll(() => told.locator('.sentence').innerText())
    .toContain('Every day between 22:00 and 06:00 Asia/Ho_Chi_Minh');
  await told.getByRole('button', { name: 'between 22:00 and 06:00' }).focus();
  await told.getByText('Window: set for this instance').waitFor();
  await told.getByRole('button', { name: 'Asia/Ho_Chi_Minh' }).hover();
  await told.getByText('from the project\'s policy "shop"').waitFor();
});

test('what will be deleted and when backups come is shown before anything is saved; the patch has what changed alone', async () => {
  it = await stage.open();
  await edit();
  await preview().getByText('Nothing is changed yet.').waitFor();
  await set('Kept', 'Own value');
  await own('Kept').getByRole('textbox', { name: 'Everything of the last' }).fill('5');
  await preview().getByText('What will be deleted, and stays as things are: 3 backups').waitFor();
  await preview().getByText('Clocks in Asia/Ho_Chi_Minh showed 02:30 twice').waitFor();
  await preview().getByText('A full stays as long as anything that stands on it').waitFor();
  await expect.poll(() => preview().locator('.slots li').count()).toBe(10);
  expect(it.world.all('patch')).toEqual([]);
  await save();
  await it.page.getByText('Saved. The new schedule holds').waitFor();
  expect(await asked(it.world, 'patch')).toEqual([{ keep: { within: 'P5D' } }]);
});

test('typing is looked ahead at once it rests, not letter by letter', async () => {
  it = await stage.open();
  await edit();
  await set('Time zone', 'Own value');
  await preview().locator('.slots li').first().waitFor();
  const before = it.world.all('dry-run').length;
  await own('Time zone').getByRole('combobox').fill('');
  await own('Time zone').getByRole('combobox').pressSequentially('Europe/Berlin', { delay: 5 });
  await expect.poll(() => it.world.all('dry-run').slice(before)).toEqual([{ zone: 'Europe/Berlin' }]);
});

test('what is wrong is named where it is, and is not sent', async () => {
  it = await stage.open();
  await edit();
  await set('How often', 'Own value');
  await own('How often').getByRole('combobox', { name: 'How often' }).selectOption({ label: 'Every' });
  await own('How often').getByRole('textbox').fill('2');
  await own('How often').getByText('more often than the operator allows').waitFor();
  await preview().getByText('Mend what is marked').waitFor();
  await save();
  expect(it.world.all('patch')).toEqual([]);
});

test('what the operator keeps to himself is shown as that', async () => {
  it = await stage.open({
    before: (world) => {
      const may = { window: false, zone: true, every: null, keep: null, opt_out: false, pause: null };
      world.schedule = { ...world.schedule, overrides: {}, tenant_may: may };
    },
  });
  await expect
    .poll(() => it.page.getByRole('button', { name: 'Pause…' }).getAttribute('title'))
    .toContain('does not let it be paused');
  await edit();
  for (const field of ['How often', 'Window', 'Kept']) {
    await expect.poll(() => own(field).innerText()).toContain('The operator does not let it be changed here.');
    await expect.poll(() => own(field).getByRole('radio').count()).toBe(0);
  }
  await expect.poll(() => it.page.getByLabel('Automatic backups are made').isDisabled()).toBe(true);
  await expect.poll(() => own('Time zone').getByRole('radio').count()).toBe(2);
});

test('where somebody else was faster, that is shown, and what was typed stays and is saved on top', async () => {
  it = await stage.open();
  await edit();
  await set('Kept', 'Own value');
  await own('Kept').getByRole('textbox', { name: 'Everything of the last' }).fill('6');
  await preview().locator('.slots li').first().waitFor();
  const { schedule } = it.world;
  // No word of it reaches the page before it saves.
  it.world.tellPage = () => {};
  it.world.setSchedule({ ...schedule, overrides: { zone: 'UTC' }, values: { ...schedule.values, zone: 'UTC' } });
  await save();
  await it.page.getByText('It was changed meanwhile: Time zone').waitFor();
  await it.page.getByRole('button', { name: 'Go on with mine' }).click();
  await save();
  await it.page.getByText('Saved. The new schedule holds').waitFor();
  await expect.poll(() => it.world.schedule.overrides).toEqual({ zone: 'UTC', keep: { within: 'P6D' } });
});

test('what somebody else changes while one types is told at once, and can be taken', async () => {
  it = await stage.open();
  await edit();
  await set('Kept', 'Own value');
  await own('Kept').getByRole('textbox', { name: 'Everything of the last' }).fill('6');
  const { schedule } = it.world;
  it.world.setSchedule({ ...schedule, overrides: { zone: 'UTC' }, values: { ...schedule.values, zone: 'UTC' } });
  await it.page.getByText('It was changed meanwhile: Time zone').waitFor();
  await it.page.getByRole('button', { name: 'Take what is there now' }).click();
  await it.page.getByText('It was changed meanwhile').waitFor({ state: 'detached' });
  await expect.poll(() => own('Kept').getByRole('textbox').count()).toBe(0);
  await expect.poll(() => own('Time zone').getByRole('combobox').inputValue()).toBe('UTC');
  expect(it.world.all('patch')).toEqual([]);
});

test('an interval of seconds is told and edited as that', async () => {
  it = await stage.open({
    before: (world) => {
      const values = { ...world.schedule.values, every: 'PT90S', window: null };
      world.schedule = {
        ...world.schedule,
        values,
        overrides: { every: 'PT90S' },
        tenant_may: { ...world.schedule.tenant_may, every: 'PT1S' },
      };
    },
  });
  await it.page.locator('.sentence').getByText('Every 1 minute 30 seconds').waitFor();
  await edit();
  await own('How often').getByRole('textbox').fill('45');
  await save();
  expect(await asked(it.world, 'patch')).toEqual([{ every: 'PT45S' }]);
  await it.page.locator('.sentence').getByText('Every 45 seconds').waitFor();
});

test('what was typed outlives the page', async () => {
  it = await stage.open();
  await edit();
  await set('Time zone', 'Own value');
  await own('Time zone').getByRole('combobox').fill('Europe/Berlin');
  await it.page.reload();
  await edit();
  await expect.poll(() => own('Time zone').getByRole('combobox').inputValue()).toBe('Europe/Berlin');
  await it.page.getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => own('Time zone').getByRole('combobox').count()).toBe(0);
});

test('a value of its own is taken back, an instance opts out, and all goes back to the policy', async () => {
  it = await stage.open();
  await edit();
  await set('Window', 'By policy');
  await it.page.getByLabel('Automatic backups are made').uncheck();
  await save();
  await it.page.getByText('Opted out').waitFor();
  expect(await asked(it.world, 'patch')).toEqual([{ enabled: false, window: null }]);
  await it.page.getByRole('button', { name: 'Back to the policy' }).click();
  await it.page.getByRole('dialog').getByRole('button', { name: 'Back to the policy' }).click();
  await it.page.getByText('The policy alone holds again.', { exact: true }).waitFor();
  expect(await asked(it.world, 'delete-schedule')).toHaveLength(1);
});

test('a pause ends by itself or at once, and is no longer than the operator lets it be', async () => {
  it = await stage.open();
  await it.page.getByRole('button', { name: 'Pause…' }).click();
  const dialog = it.page.getByRole('dialog');
  await dialog.getByLabel('Until').fill('2026-12-30T10:00');
  await dialog.getByText('longer than the operator allows').waitFor();
  await dialog.getByLabel('Until').fill('2026-12-02T10:00');
  await dialog.getByLabel(/Why/).fill('migration');
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  expect(await asked(it.world, 'patch')).toEqual([
    { pause: { until_at: '2026-12-02T03:00:00.000Z', note: 'migration' } },
  ]);
  await it.page.getByRole('button', { name: 'Go on now' }).click();
  await it.page.getByText('The pause is over.').waitFor();
  await expect.poll(() => it.world.all('patch').at(-1)).toEqual({ pause: null });
});
