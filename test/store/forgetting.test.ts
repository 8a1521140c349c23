import { beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { sizesOf, tablesNaming } from './sizes.ts';
import { claim, claimOne, NOW, openWorld, runningOne, scheduled, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});

const PROJECT = 'project-a';
const GONE = [{ instanceId: 'db-1', projectId: PROJECT }];
const LATER = NOW + 30 * DAY;
const bury = () => world.inventory.entomb(GONE, NOW + HOUR, false);
const left = (...instanceIds: readonly string[]) => ({ projectId: PROJECT, instanceIds });
const noteBare = (nowUtc = NOW + HOUR) => world.forgetting.noteLeft(left(), nowUtc);
const forget = (beforeUtc = LATER) => world.forgetting.forget(PROJECT, beforeUtc);
const DONE = { instanceId: 'db-1', isMore: false };

/** Something of everything that can be known of an instance. */
async function known(): Promise<void> {
  const runId = await runningOne(world, 'b-1');
  await world.ledger.end(runId, { state: 'completed', because: because('backup-completed', {}) }, NOW);
  const of = { backupId: 'b-1', ...GONE[0], instanceId: 'db-1', projectId: PROJECT };
  const reason = because('unwanted-no-more', {});
  const sighting = scheduled({}, NOW + HOUR);
  if (sighting.enrolment.kind !== 'scheduled') throw new Error('it has a schedule');
  const { enrolment } = sighting;
  const said = { enabled: true, overrides: { every: 2 * HOUR } };
  const pause = { owner: 'anna', note: 'moving', untilUtc: NOW + DAY };
  await world.overrides.change({ instanceId: 'db-1', of: 0, said, enrolment, pause }, NOW);
  const asked = { projectId: PROJECT, instanceId: 'db-1', key: 'k', requestedBy: 'anna', note: '', keepMs: null };
  await world.demands.request({ ...asked, kind: 'full' }, NOW);
  await world.retention.hold({ ...of, owner: 'anna', note: 'audit', untilUtc: null }, NOW);
  await world.retention.noteMarks({ mark: [{ ...of, because: reason }], lift: [] }, NOW);
  await world.stuck.noteStuck({ told: [{ ...of, because: reason, toldUtc: NOW, times: 1 }], over: [] });
  await world.pruning.intend({ ...of, backupId: 'b-0', because: reason, intentUtc: NOW });
  await world.pruning.noteChildren('b-0', ['c-1']);
  await world.pruning.gone('b-0', NOW);
  const texts = { facts: '{}', policy: '{}', backups: '{}', outcome: '{}' };
  await world.decisions.record([{ kind: 'prune', instanceId: 'db-1', projectId: PROJECT, atUtc: NOW, ...texts }]);
}

test('of an instance of which nothing was left for long nothing is known any more, and no other lost anything', async () => {
  await known();
  await claimOne(world, NOW, { id: 'db-2' });
  expect(tablesNaming(world.path, 'db-1')).toEqual(
    'decisions deletions demands holds instances listing marks overrides runs schedules standstills stuck'.split(' '),
  );
  const other = tablesNaming(world.path, 'db-2');
  await bury();
  expect(await noteBare()).toBe(true);
  expect(await forget(NOW)).toBeNull();
  expect(await forget()).toEqual(DONE);
  expect(tablesNaming(world.path, 'db-1')).toEqual([]);
  expect(tablesNaming(world.path, 'db-2')).toEqual(other);
  expect(await forget()).toBeNull();
  expect(world.kept()).toEqual(world.counted());
});

test('what was said of one is not said of a new one of its name', async () => {
  await known();
  await bury();
  await noteBare();
  await world.inventory.saveSightings([scheduled({ id: 'db-3' }, NOW)], LATER);
  await forget();
  const state = await world.overrides.state('db-3', LATER);
  expect(state).toMatchObject({ own: { overrides: null }, revision: 0, pause: null });
});

describe('is known still', () => {
  beforeEach(async () => {
    await claimOne(world);
  });

  test('one that exists, whatever backups it has', async () => {
    expect(await noteBare()).toBe(false);
    expect(await forget()).toBeNull();
  });

  test('one of which a list shows a backup, and from then on anew for as long', async () => {
    await bury();
    await noteBare();
    await world.forgetting.noteLeft(left('db-1'), NOW + DAY);
    expect(await forget()).toBeNull();
    await noteBare(NOW + 2 * DAY);
    await noteBare(NOW + 3 * DAY);
    expect(await forget(NOW + 2 * DAY - 1)).toBeNull();
    expect(await forget(NOW + 2 * DAY)).toEqual(DONE);
  });

  test('one that came back, also when it goes again', async () => {
    await bury();
    await noteBare();
    await world.inventory.saveSightings([scheduled({}, NOW + DAY)], NOW + DAY);
    expect(await forget()).toBeNull();
    await bury();
    expect(await forget()).toBeNull();
  });

  test('one with a run whose end was not seen, or a DELETE', async () => {
    const runId = await runningOne(world, 'b-2', NOW, { id: 'db-2' });
    const gone = [{ instanceId: 'db-2', projectId: PROJECT }];
    await world.inventory.entomb(gone, NOW, false);
    await noteBare();
    expect(await forget()).toBeNull();
    const deletion = { backupId: 'b-2', ...gone[0], instanceId: 'db-2', projectId: PROJECT, intentUtc: NOW };
    await world.pruning.intend({ ...deletion, because: because('unwanted-no-more', {}) });
    await world.ledger.end(runId, { state: 'aborted', because: because('instance-gone', {}) }, NOW);
    expect(await forget()).toBeNull();
    await world.pruning.gone('b-2', NOW);
    expect(await forget()).toEqual({ instanceId: 'db-2', isMore: false });
  });
});

test('a long history goes in several transactions, the instance with the last of it', async () => {
  await claimOne(world);
  await claim(world, NOW + 700 * HOUR);
  await bury();
  await noteBare();
  expect(world.runs().length).toBeGreaterThan(700);
  expect(await forget()).toEqual({ ...DONE, isMore: true });
  expect(tablesNaming(world.path, 'db-1')).toContain('instances');
  expect(await forget()).toEqual(DONE);
  expect(world.runs()).toEqual([]);
  expect(world.kept()).toEqual(world.counted());
});

test('with the last instance of a project goes what is kept for its sake', async () => {
  await claimOne(world);
  await claimOne(world, NOW, { id: 'db-9', projectId: 'project-b' });
  await bury();
  await noteBare();
  await forget();
  const counted = Object.keys(world.kept()).filter((name) => name.includes('project'));
  expect(counted.toSorted()).toEqual(['due project-b', 'ready project-b']);
});

test('keys of restores, deletions and failures by day go when they are old; a deletion that took more stays', async () => {
  const restore = { projectId: PROJECT, key: 'k', request: '[]' };
  await world.restores.begin(restore, NOW);
  const reason = because('unwanted-no-more', {});
  for (const backupId of ['b-1', 'b-2']) {
    await world.pruning.intend({ backupId, instanceId: 'db-0', projectId: PROJECT, because: reason, intentUtc: NOW });
  }
  await world.pruning.noteChildren('b-1', ['c-1']);
  for (const backupId of ['b-1', 'b-2']) await world.pruning.gone(backupId, NOW);
  await claimOne(world);
  await claim(world, NOW + 5 * HOUR);
  const rows = () => ['restores', 'deletions', 'failures'].map((table) => sizesOf(world.path).get(table));
  expect(rows()).toEqual([1, 2, 2]);
  expect(await world.forgetting.trimEnded(NOW)).toBe(false);
  expect(rows()).toEqual([1, 2, 2]);
  await world.forgetting.trimEnded(NOW + DAY + MINUTE);
  expect(rows()).toEqual([0, 1, 0]);
  expect(await world.restores.before(restore)).toEqual({ kind: 'new' });
});

test('more than one transaction may take away is told', async () => {
  for (let n = 0; n < 501; n++) await world.restores.begin({ projectId: PROJECT, key: `k-${n}`, request: '[]' }, NOW);
  expect(await world.forgetting.trimEnded(NOW + DAY)).toBe(true);
  expect(await world.forgetting.trimEnded(NOW + DAY)).toBe(false);
  expect(sizesOf(world.path).get('restores')).toBe(0);
});

test('a tombstone and an emptiness of a clock that was ahead are of now when that is known', async () => {
  await claimOne(world);
  await world.inventory.entomb(GONE, NOW + 365 * DAY, false);
  await noteBare(NOW + 365 * DAY);
  await world.healing.healStore(NOW, MINUTE);
  expect(await forget(NOW - 1)).toBeNull();
  expect(await forget(NOW)).toEqual(DONE);
});
