import { beforeEach, describe, expect, test } from 'vitest';
import { because, type Hold } from '../../lib/core/index.ts';
import { at, DAY, HOUR, MINUTE } from '../core/builders.ts';
import { claimOne, excluded, NOW, openWorld, unselected, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = openWorld();
  await claimOne(world);
});

const OF = { instanceId: 'db-1', projectId: 'project-a' };
const of = (backupId: string) => ({ projectId: OF.projectId, backupId });
const elsewhere = (backupId: string) => ({ projectId: 'project-b', backupId });
const marked = (backupId: string) => ({ ...OF, backupId, because: because('unwanted', {}) });
const hold = (backupId: string, over: Partial<Hold> = {}) => ({
  ...{ ...OF, backupId, owner: 'anna', note: 'audit', untilUtc: NOW + DAY },
  ...over,
});

describe('an instance is tended', () => {
  test('while its schedule runs', async () => {
    const tended = await world.retention.tended('db-1', NOW);
    expect(tended).toMatchObject({ goneUtc: null, holds: [], marks: [] });
    expect(tended?.policy.name).toBe('hourly');
  });

  test('and after it is gone, by the policy it had', async () => {
    await world.inventory.entomb([OF], NOW + HOUR, false);
    expect(await world.retention.tended('db-1', NOW)).toMatchObject({
      goneUtc: NOW + HOUR,
      policy: { name: 'hourly' },
    });
  });

  test('but not one that is unknown, orphaned or excluded, nor after that when it is gone', async () => {
    expect(await world.retention.tended('db-9', NOW)).toBeNull();
    await world.inventory.saveSightings([unselected({})], NOW + MINUTE);
    expect(await world.retention.tended('db-1', NOW)).toBeNull();
    await world.inventory.saveSightings([excluded({})], NOW + MINUTE);
    expect(await world.retention.tended('db-1', NOW)).toBeNull();
    await world.inventory.entomb([OF], NOW + HOUR, false);
    expect(await world.retention.tended('db-1', NOW)).toBeNull();
  });
});

describe('a mark', () => {
  test('keeps its first time, whatever is noted again', async () => {
    const first = await world.retention.noteMarks({ mark: [marked('b-1'), marked('b-2')], lift: [] }, NOW);
    expect(first).toEqual({ marked: new Set(['b-1', 'b-2']), lifted: new Set() });
    const again = await world.retention.noteMarks({ mark: [marked('b-1')], lift: ['b-2', 'b-9'] }, NOW + HOUR);
    expect(again).toEqual({ marked: new Set(), lifted: new Set(['b-2']) });
    expect((await world.retention.tended('db-1', NOW))?.marks).toEqual([{ backupId: 'b-1', markedUtc: NOW }]);
  });

  test('has had its effect when its backup is gone', async () => {
    await world.retention.noteMarks({ mark: [marked('b-1')], lift: [] }, NOW);
    await world.pruning.intend({ ...OF, backupId: 'b-1', because: because('unwanted', {}), intentUtc: NOW });
    await world.pruning.gone('b-1', NOW + HOUR);
    expect((await world.retention.tended('db-1', NOW))?.marks).toEqual([]);
  });

  test('taken back becomes a hold', async () => {
    await world.retention.noteMarks({ mark: [marked('b-1')], lift: [] }, NOW);
    const by = { owner: 'anna', note: 'still wanted', untilUtc: at('2026-12-01 00:00') };
    expect(await world.retention.undo(elsewhere('b-1'), by, NOW)).toBe('unmarked');
    expect(await world.retention.undo(of('b-1'), by, NOW)).toBe('undone');
    expect(await world.retention.tended('db-1', NOW)).toMatchObject({ marks: [], holds: [{ backupId: 'b-1', ...by }] });
    expect(await world.retention.undo(of('b-1'), by, NOW)).toBe('unmarked');
  });

  test.each([
    { known: null, asked: NOW + DAY, left: null },
    { known: NOW + 2 * DAY, asked: NOW + DAY, left: NOW + 2 * DAY },
    { known: NOW + DAY, asked: NOW + 2 * DAY, left: NOW + 2 * DAY },
    { known: NOW + DAY, asked: null, left: null },
  ])('taken back shortens no hold: $known, then $asked', async ({ known, asked, left }) => {
    await world.retention.noteMarks({ mark: [marked('b-1')], lift: [] }, NOW);
    await world.retention.hold(hold('b-1', { untilUtc: known }), NOW);
    await world.retention.undo(of('b-1'), { owner: 'binh', note: 'too', untilUtc: asked }, NOW);
    expect(await world.retention.tended('db-1', NOW)).toMatchObject({ marks: [], holds: [{ untilUtc: left }] });
  });

  test('cannot be taken back, nor its backup held, once the DELETE was asked for', async () => {
    await world.retention.noteMarks({ mark: [marked('b-1')], lift: [] }, NOW);
    await world.pruning.intend({ ...OF, backupId: 'b-1', because: because('unwanted', {}), intentUtc: NOW });
    const { owner, note, untilUtc } = hold('b-1');
    expect(await world.retention.undo(of('b-1'), { owner, note, untilUtc }, NOW)).toBe('going');
    expect(await world.retention.hold(hold('b-1'), NOW)).toBe('going');
    expect(await world.retention.tended('db-1', NOW)).toMatchObject({ marks: [{ backupId: 'b-1' }], holds: [] });
  });
});

test('a hold takes the place of an earlier one, until it is released', async () => {
  await world.retention.hold(hold('b-1'), NOW);
  await world.retention.hold(hold('b-1', { owner: 'binh', untilUtc: null }), NOW);
  expect((await world.retention.tended('db-1', NOW))?.holds).toEqual([
    { backupId: 'b-1', owner: 'binh', note: 'audit', untilUtc: null },
  ]);
  expect(await world.retention.release(elsewhere('b-1'))).toBe(false);
  expect(await world.retention.release(of('b-1'))).toBe(true);
  expect(await world.retention.release(of('b-1'))).toBe(false);
  expect((await world.retention.tended('db-1', NOW))?.holds).toEqual([]);
});

test('holds that ended long ago are taken away, and no others', async () => {
  await world.retention.hold(hold('b-1', { untilUtc: NOW + HOUR }), NOW);
  await world.retention.hold(hold('b-2', { untilUtc: NOW + 2 * HOUR }), NOW);
  await world.retention.hold(hold('b-3', { untilUtc: null }), NOW);
  expect(await world.retention.endHolds(NOW + 2 * HOUR)).toEqual([hold('b-1', { untilUtc: NOW + HOUR })]);
  expect((await world.retention.tended('db-1', NOW))?.holds.map(({ backupId }) => backupId)).toEqual(['b-2', 'b-3']);
});

test('projects whose instances are all gone are named, and no others', async () => {
  expect(await world.retention.projectsOfGone(10, '')).toEqual([]);
  await world.inventory.entomb([OF], NOW + HOUR, false);
  expect(await world.retention.projectsOfGone(10, '')).toEqual(['project-a']);
  expect(await world.retention.projectsOfGone(10, 'project-a')).toEqual([]);
});
