import { describe, expect, test } from 'vitest';
import type { OutlookResult, ScheduleChange } from '../../daemon/ports/outlook.ts';
import { because, type Measures } from '../../lib/core/index.ts';
import { DAY, HOUR } from '../core/builders.ts';
import { claim, HOURLY, NOW, openWorld, readyIn, scheduled, type World } from './world.ts';

const MEASURES: Measures = { onShortage: 'adapt', level: 2, limit: 10, easierSinceUtc: null };
const LATER = NOW + DAY;
const SHORT = because('quota-short', { ours: 12, others: 0, limit: 10, reserve: 1, ask: 13 });
const ADAPTED = because('adapted-chains', { from: 6, to: 2 });
const SMALLER = { ...HOURLY, maxIncrementals: 2 };
const REFUSED = because('quota-holds-older', { limit: 10, ask: 13 });

const change = (over: Partial<ScheduleChange> = {}): ScheduleChange => ({
  instanceId: 'db-1',
  configured: HOURLY,
  policy: SMALLER,
  adapted: [ADAPTED],
  refused: null,
  nextSlotUtc: null,
  ...over,
});
const result = (over: Partial<OutlookResult> = {}): OutlookResult => ({
  projectId: 'project-a',
  measures: MEASURES,
  madeBy: 'adapt',
  told: { because: SHORT, atUtc: NOW },
  nextUtc: LATER,
  changes: [],
  ...over,
});
async function opened(): Promise<World> {
  const world = openWorld();
  await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW + HOUR)], NOW);
  return world;
}
const due = ({ outlook }: World, atUtc = NOW) => outlook.due(atUtc, 10);

describe('a project is due', () => {
  test('when it gets its first schedule, and no more when it was looked at', async () => {
    const world = await opened();
    expect(await due(world)).toEqual(['project-a']);
    expect(await world.outlook.begin('project-a', LATER)).toMatchObject({
      isChanged: true,
      measures: null,
      told: null,
    });
    await world.outlook.save(result());
    expect(await due(world)).toEqual([]);
    expect(await world.outlook.nextDue()).toBe(LATER);
    expect(await due(world, LATER)).toEqual(['project-a']);
    expect(await world.outlook.begin('project-a', LATER)).toMatchObject({
      isChanged: false,
      measures: MEASURES,
      told: { because: SHORT, atUtc: NOW },
    });
  });
  test('when another policy is configured, even in the middle of a look, but not by what the look itself changes', async () => {
    const world = await opened();
    await world.outlook.begin('project-a', LATER);
    await world.outlook.save(result({ changes: [change()] }));
    expect(await due(world)).toEqual([]);
    await world.outlook.begin('project-a', LATER);
    await world.inventory.saveSightings(
      [scheduled({ id: 'db-1' }, NOW + HOUR, { ...HOURLY, maxIncrementals: 9 })],
      NOW,
    );
    expect(await world.outlook.save(result({ changes: [change()] }))).toEqual(new Set());
    expect(await due(world)).toEqual(['project-a']);
  });
  test('when it is asked for, when its limit is another, and when the settings are', async () => {
    const world = await opened();
    const { outlook } = world;
    const settle = async () => {
      await outlook.begin('project-a', LATER);
      await outlook.save(result());
    };
    await settle();
    await outlook.request('project-a');
    expect(await due(world)).toEqual(['project-a']);
    await settle();
    expect(await outlook.limitSeen('project-a', 10)).toBe(false);
    expect(await outlook.limitSeen('project-a', 11)).toBe(true);
    expect(await due(world)).toEqual(['project-a']);
    await settle();
    await outlook.settingsAre('adapt');
    expect(await due(world)).toEqual([]);
    await outlook.settingsAre('refuse');
    expect(await due(world)).toEqual(['project-a']);
  });
});

test('what is adapted is gone by, and the configured policy is kept beside it', async () => {
  const world = await opened();
  await world.outlook.begin('project-a', LATER);
  const nextSlotUtc = NOW + 3 * HOUR;
  expect(await world.outlook.save(result({ changes: [change({ nextSlotUtc })] }))).toEqual(new Set(['db-1']));
  expect(world.schedules()[0]).toMatchObject({ next_slot_utc: nextSlotUtc });
  expect((await world.retention.tended('db-1', NOW))?.policy).toEqual(SMALLER);
  const { schedules } = await world.outlook.begin('project-a', LATER);
  expect(schedules).toMatchObject([{ configured: HOURLY, policy: SMALLER, adapted: [ADAPTED], refused: null }]);
  // The same configuration seen again changes nothing; a look that finds room takes it back.
  const [seen] = await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW + HOUR)], NOW + HOUR);
  expect(seen?.kind).toBe('unchanged');
  await world.outlook.save(result({ changes: [change({ policy: HOURLY, adapted: [] })], told: null }));
  const [back] = (await world.outlook.begin('project-a', LATER)).schedules;
  expect(back).toMatchObject({ configured: HOURLY, policy: HOURLY, adapted: [] });
});

test('a refusal goes along with each run, until another policy is configured', async () => {
  const world = await opened();
  await world.outlook.begin('project-a', LATER);
  await world.outlook.save(result({ changes: [change({ policy: HOURLY, adapted: [], refused: REFUSED })] }));
  const nowUtc = NOW + 2 * HOUR;
  await claim(world, nowUtc);
  expect(await readyIn(world, nowUtc)).toMatchObject([{ refused: REFUSED }]);
  await world.inventory.saveSightings([scheduled({ id: 'db-1' }, NOW + HOUR, { ...HOURLY, maxIncrementals: 9 })], NOW);
  expect((await world.outlook.begin('project-a', LATER)).schedules).toMatchObject([{ refused: null }]);
});

test('projects with too small a quota are counted', async () => {
  const world = await opened();
  expect(await world.outlook.countShort()).toBe(0);
  await world.outlook.begin('project-a', LATER);
  await world.outlook.save(result());
  expect(await world.outlook.countShort()).toBe(1);
  await world.outlook.begin('project-a', LATER);
  await world.outlook.save(result({ told: null }));
  expect(await world.outlook.countShort()).toBe(0);
});
