import { afterAll, beforeAll, expect, test } from 'vitest';
import { asked, type Stage, startStage } from '../lab/stage.ts';
import type { World } from '../lab/world/world.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const inShop = (world: World): void => {
  world.instances = world.instances.map((instance) => ({ ...instance, project_id: 'p-shop' }));
};

test('an admin changes what another project has in that project, but for what Trove does in his name', async () => {
  const { page, world, complaints } = await stage.open({ user: 'admin', before: inShop });
  const changes: string[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (request.method() !== 'GET') changes.push(`${request.method()} ${pathname} ${searchParams.get('project_id')}`);
  });
  const dialog = page.getByRole('dialog');
  const open = async (id: string) => page.locator(`[data-backup="${id}"]`).click();
  const panel = page.locator('.panel');

  await open('w3-0');
  await panel.getByText('signs in to its project').waitFor();
  await expect.poll(() => panel.getByRole('button', { name: 'Delete…' }).count()).toBe(0);
  await expect.poll(() => panel.getByRole('button', { name: /^Restore/ }).count()).toBe(0);
  await panel.getByRole('button', { name: 'Hold', exact: true }).click();
  await dialog.getByLabel('Why it is held').fill('audit');
  await dialog.getByRole('button', { name: 'Hold it' }).click();
  await asked(world, 'hold');
  await open('w1-2');
  await panel.getByRole('button', { name: 'Keep after all' }).click();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await asked(world, 'undo');
  expect(changes).toEqual(['PUT /v1/backups/w3-0/hold p-shop', 'DELETE /v1/prunes/w1-2 p-shop']);
  expect(complaints).toEqual([]);
});

test('in his own project a viewer names none, and may restore and delete', async () => {
  const { page } = await stage.open({ user: 'admin' });
  const held = page.waitForRequest((request) => request.method() === 'PUT');
  await page.locator('[data-backup="w3-0"]').click();
  const panel = page.locator('.panel');
  await panel.getByRole('button', { name: 'Delete…' }).waitFor();
  await expect.poll(() => panel.getByText('signs in to its project').count()).toBe(0);
  await panel.getByRole('button', { name: 'Hold', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Why it is held').fill('audit');
  await page.getByRole('dialog').getByRole('button', { name: 'Hold it' }).click();
  expect(new URL((await held).url()).search).toBe('');
});
