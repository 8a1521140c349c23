import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal } from '../../daemon/http/refusals/index.ts';
import { because, type Reason } from '../../lib/core/index.ts';
import { asked, type Opened, type Stage, startStage } from './lab/stage.ts';

let stage: Stage;
let it: Opened;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());
afterEach(() => {
  expect(it.complaints).toEqual([]);
});

/** One instance alone needs something. */
function need(why: Reason): string {
  for (const [i, row] of stage.lab.fleet.entries()) stage.lab.fleet[i] = { ...row, state: 'protected' };
  const [first] = stage.lab.fleet;
  if (!first) throw new Error('the fleet is empty');
  stage.lab.fleet[0] = { ...first, state: 'unprotected', why, newest_point_at: null };
  return first.name;
}
const list = () => it.page.getByRole('region', { name: 'Needs attention' });
const vanished = because('point-vanished', { slotUtc: Date.UTC(2026, 10, 29, 3) });
const paused = because('paused', { owner: 'linh', note: 'migration', untilUtc: Date.UTC(2026, 11, 2) });

test('a backup is asked for right where its lack is told, once', async () => {
  const name = need(vanished);
  it = await stage.open({ path: 'overview' });
  await list().getByRole('button', { name: 'Back up now' }).dblclick();
  await it.page.getByText(`A backup of ${name} has been asked for.`).waitFor();
  expect(await asked(it.world, 'back-up-now')).toMatchObject([{ key: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
});

test('what is paused goes on, and what opted out comes back, each upon the schedule as it is now', async () => {
  const name = need(paused);
  it = await stage.open({
    path: 'overview',
    before: (world) => {
      const pause = { owner: 'linh', until_at: '2026-12-02T00:00:00.000Z', note: 'migration' };
      world.schedule = { ...world.schedule, pause };
      world.etag = '"7"';
    },
  });
  await list().getByRole('button', { name: 'Resume' }).click();
  await it.page.getByText(`${name} is backed up again.`).waitFor();
  expect(await asked(it.world, 'patch')).toEqual([{ pause: null }]);
  need(because('opted-out', {}));
  it = await stage.open({ path: 'overview' });
  await list().getByRole('button', { name: 'Switch on' }).click();
  expect(await asked(it.world, 'patch')).toEqual([{ enabled: true }]);
});

test('what mends it not is told with why, and stays to be tried again', async () => {
  need(paused);
  it = await stage.open({ path: 'overview' });
  it.world.refusal = refusal('shut-out', { because: because('no-role', { project: 'shop' }) });
  await list().getByRole('button', { name: 'Resume' }).click();
  await it.page.locator('.toasts').getByText('no role on project shop').waitFor();
  expect(it.world.all('patch')).toEqual([]);
  it.world.refusal = null;
  await list().getByRole('button', { name: 'Resume' }).click();
  expect(await asked(it.world, 'patch')).toEqual([{ pause: null }]);
});

test('what nobody can mend from here says whom to ask for what, and leads to the instance', async () => {
  need(because('no-role', { project: 'p-demo' }));
  it = await stage.open({ path: 'overview' });
  await list().getByText('Ask your operator to give the service its role').waitFor();
  await expect.poll(() => list().getByRole('button').count()).toBe(0);
  const details = list().getByRole('link', { name: /^Details/ });
  await expect.poll(() => details.getAttribute('href')).toContain('#/instances/');
});

test('a reader is offered no change', async () => {
  need(vanished);
  it = await stage.open({ path: 'overview', user: 'reader' });
  await list()
    .getByRole('link', { name: /^Details/ })
    .waitFor();
  await expect.poll(() => list().getByRole('button').count()).toBe(0);
});

test('an instant that a sentence of the service names is the reader’s, in his zone and his form', async () => {
  need(vanished);
  it = await stage.open({ path: 'overview' });
  await list().getByText('The recovery point of 29 Nov 2026, 10:00 is there no more').waitFor();
});

test('the link to all others leads to what is not shown yet', async () => {
  need(vanished);
  for (const [i, row] of stage.lab.fleet.slice(0, 12).entries())
    stage.lab.fleet[i] = { ...row, state: i < 3 ? 'unprotected' : 'late', newest_point_at: null };
  it = await stage.open({ path: 'overview' });
  await list().getByRole('link', { name: 'See 4 more' }).waitFor();
  await expect
    .poll(() => list().getByRole('link', { name: 'See 4 more' }).getAttribute('href'))
    .toBe('#/instances?state=late');
});
