import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ApiError } from '../../daemon/http/api/error.ts';
import { refusal } from '../../daemon/http/refusals/index.ts';
import { asked, type Opened, pick, type Stage, startStage } from './lab/stage.ts';
import type { World } from './lab/world/world.ts';

let stage: Stage;
let it: Opened;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  expect(it.complaints).toEqual([]);
});

test("the project's own come first and can be changed, the operator's are to be read", async () => {
  it = await stage.open({ path: 'policies' });
  const articles = it.page.getByRole('article');
  await expect.poll(() => articles.count()).toBe(2);
  await expect.poll(() => articles.first().innerText()).toContain('Names: shop-*; Datastores: mysql');
  await expect.poll(() => articles.first().getByRole('link').count()).toBe(1);
  await expect.poll(() => articles.last().innerText()).toContain('Every day between 22:00 and 06:00');
  await expect.poll(() => articles.last().innerText()).toContain('No more often than every 6 hours');
  await expect.poll(() => articles.last().locator('button, a').count()).toBe(0);
});

test('a new policy is looked ahead at for an instance, against its quota, and then made', async () => {
  it = await stage.open({ path: 'policies' });
  await it.page.getByRole('link', { name: 'New policy' }).click();
  await it.page.getByLabel('Name', { exact: true }).fill('bad name');
  await it.page.getByText('Give 1 to 64 letters').waitFor();
  await it.page.getByLabel('Name', { exact: true }).fill('weekly');
  await it.page.getByLabel('Selects: Names').fill('orders-*\n\n billing-* ');
  const often = it.page.getByRole('group', { name: 'How often' });
  await pick(often.getByRole('radio', { name: 'Own value' }));
  await often.getByRole('combobox', { name: 'How often' }).selectOption({ label: 'Every week' });
  const first = await it.page.locator('datalist[id$=instances] option').first().getAttribute('value');
  await it.page.getByLabel('Look ahead for').fill(first ?? '');
  await it.page.getByText('More than the quota of 50 holds.').waitFor();
  await expect.poll(() => it.page.locator('.forecast-chart .limit.is-over').count()).toBe(1);
  await expect.poll(() => it.page.getByRole('img', { name: /At most 62 backups at once/ }).count()).toBe(1);
  expect(it.world.all('policy')).toEqual([]);
  const body = {
    name: 'weekly',
    select: { names: ['orders-*', 'billing-*'], datastores: [] },
    overrides: { every: 'week' },
  };
  await expect.poll(() => it.world.all('policy-preview').at(-1)).toMatchObject(body);
  await it.page.getByRole('button', { name: 'Make the policy' }).click();
  expect(await asked(it.world, 'policy')).toEqual([body]);
  await it.page.getByText('Policy weekly is saved').waitFor();
  await it.page.getByRole('heading', { name: 'weekly' }).waitFor();
});

test('of how many instances the figures are is told, and where some stand for others', async () => {
  it = await stage.open({ path: 'policies/pol-1' });
  const preview = it.page.getByRole('region', { name: 'What it will do' });
  await preview.getByText('For all 12 instances').waitFor();
  it.world.reckoned = { total: 4_000, looked_at: 1_333 };
  await it.page.getByLabel('Name', { exact: true }).fill('shops');
  await preview.getByText('reckoned of 1,333 out of 4,000 instances').waitFor();
});

test.each([
  {
    does: 'adapt',
    tells: ['Fulls alone', 'A backup every 2d', 'Of 5 other instances', 'Dashed: as wanted, 62'],
  },
  { does: 'refuse', tells: ['4 instances of the project, the youngest, get no backups', 'Dashed: as wanted, 62'] },
  { does: 'tell', tells: ['slots that find no room are skipped'] },
] as const)('a quota that is too small is told with what is done then ($does)', async ({ does, tells }) => {
  const before = (world: World): void => {
    world.shortage = does;
  };
  it = await stage.open({ path: 'policies/pol-1', before });
  const preview = it.page.getByRole('region', { name: 'What it will do' });
  await preview.getByRole('heading', { name: 'The quota is too small. Ask for 66.' }).waitFor();
  for (const text of tells) await preview.getByText(text).waitFor();
  // Told there, it is told nowhere else.
  await expect.poll(() => preview.getByText('ask for a quota of 66').count()).toBeLessThanOrEqual(1);
});

test('a policy is changed, and deleted with what that means', async () => {
  const { promise: deleteIsClicked, resolve: goOn } = Promise.withResolvers<void>();
  it = await stage.open({ path: 'policies' });
  await it.page.getByRole('link', { name: 'Change: shop' }).click();
  const kept = it.page.getByRole('group', { name: 'Kept' });
  await kept.getByRole('textbox', { name: /One a week/ }).fill('');
  await kept.getByRole('textbox', { name: /One a month/ }).fill('3');
  await it.page.getByText('What will be deleted, and stays').waitFor();
  await it.page.getByRole('button', { name: 'Save', exact: true }).click();
  expect(await asked(it.world, 'policy')).toMatchObject([
    { overrides: { zone: 'Asia/Ho_Chi_Minh', keep: { within: 'P7D', monthly: 3 } } },
  ]);
  await it.page.getByText('Policy shop is saved').waitFor();
  // However fast one is, it goes only as it was when it was looked at.
  await it.page.route('**/v1/policies/pol-1', async (route) => {
    if (route.request().method() === 'GET') await deleteIsClicked;
    await route.continue();
  });
  await it.page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = it.page.getByRole('dialog');
  await expect.poll(() => dialog.innerText()).toContain('1 instance of this project go');
  await dialog.getByRole('button', { name: 'Delete the policy' }).click();
  goOn();
  expect(await asked(it.world, 'delete-policy')).toEqual(['pol-1']);
  await it.page.getByText('Policy shop is gone.').waitFor();
  await it.page.unroute('**/v1/policies/pol-1');
});

/** The policy `shop`, of which somebody types and somebody else changes the names. */
async function typedAndChanged(isTold: boolean): Promise<void> {
  it = await stage.open({ path: 'policies/pol-1' });
  await it.page.getByLabel('Name', { exact: true }).fill('shops');
  const shop = it.world.policies.find(({ id }) => id === 'pol-1');
  if (!shop) throw new Error('no policy pol-1');
  if (!isTold) it.world.tellPage = () => {};
  it.world.changePolicy({ ...shop, select: { ...shop.select, names: ['shop-*', 'store-*'] } });
  it.world.tell('policy');
}
const meanwhile = () => it.page.getByText('This was changed meanwhile by somebody else.');
const save = () => it.page.getByRole('button', { name: 'Save', exact: true }).click();

test('where somebody else was faster, nothing is overwritten unseen: what was typed stays, and is saved on top', async () => {
  await typedAndChanged(false);
  await save();
  await meanwhile().waitFor();
  expect(it.world.all('policy')).toEqual([]);
  await expect.poll(() => it.page.getByLabel('Name', { exact: true }).inputValue()).toBe('shops');
  await it.page.getByRole('button', { name: 'Keep what I typed' }).click();
  await meanwhile().waitFor({ state: 'detached' });
  await save();
  expect(await asked(it.world, 'policy')).toMatchObject([{ name: 'shops', select: { names: ['shop-*'] } }]);
  await it.page.getByText('Policy shops is saved').waitFor();
});

test('what somebody else changes while one types is told at once, outlives the page, and can be taken', async () => {
  await typedAndChanged(true);
  await meanwhile().waitFor();
  await it.page.reload();
  await meanwhile().waitFor();
  await expect.poll(() => it.page.getByLabel('Name', { exact: true }).inputValue()).toBe('shops');
  await it.page.getByRole('button', { name: 'Show what is stored now' }).click();
  await expect.poll(() => it.page.getByLabel('Name', { exact: true }).inputValue()).toBe('shop');
  await expect.poll(() => it.page.getByLabel('Selects: Names').inputValue()).toBe('shop-*\nstore-*');
  await meanwhile().waitFor({ state: 'detached' });
});

test('a refusal is shown with what is typed still there', async () => {
  it = await stage.open({ path: 'policies/pol-1' });
  await it.page.getByLabel('Name', { exact: true }).fill('shops');
  it.world.refusal = refusal('name-taken', {});
  await save();
  await it.page.getByRole('alert').getByText('your project has a policy of that name').waitFor();
  await it.page.getByRole('alert').getByText('give another name').waitFor();
  await expect.poll(() => it.page.getByLabel('Name', { exact: true }).inputValue()).toBe('shops');
});

test('a refusal is told in the language of the page, and what is told to programs alone beside it', async () => {
  it = await stage.open({ path: 'policies/pol-1', language: 'vi' });
  const alert = it.page.getByRole('alert');
  const submit = () => it.page.locator('form button[type=submit]').click();
  it.world.refusal = refusal('name-taken', {});
  await submit();
  await alert.getByText('dự án của bạn đã có chính sách mang tên đó').waitFor();
  await alert.getByText('hãy đặt tên khác').waitFor();
  await expect.poll(() => alert.getByText('your project').count()).toBe(0);
  it.world.refusal = new ApiError(400, 'invalid', 'body field name: is too odd');
  await submit();
  await alert.getByText('Dịch vụ không chấp nhận nội dung đã nhập.').waitFor();
  await expect.poll(() => alert.locator('[lang=en]').innerText()).toContain('body field name: is too odd');
});

test('a reader may look at policies alone', async () => {
  it = await stage.open({ path: 'policies/new', user: 'reader' });
  await it.page.getByText('Your role lets you look').waitFor();
  await expect.poll(() => it.page.getByRole('article').count()).toBe(2);
  await expect.poll(() => it.page.getByRole('textbox').count()).toBe(0);
});
