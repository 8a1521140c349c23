import { describe, expect, test } from 'vitest';
import { because, type DeletionScene, deletionBlocked, type OwnedBackup, surplusFailed } from '../../lib/core/index.ts';
import { at, backup, DAY, foreign, HOUR, instance, managed } from './builders.ts';

const NIGHT = at('2026-11-22 22:00');
const FAILED = { status: 'FAILED' };
const failed = (id: string, slotUtc: number) => managed(id, slotUtc, FAILED);
const conflicting: OwnedBackup = { ...backup('theirs'), ownership: { kind: 'conflict', owner: 'deadbeef' } };

describe('of the failed backups of ours all but the newest are to go', () => {
  test.each<{ says: string; backups: readonly OwnedBackup[]; go: readonly string[] }>([
    { says: 'none of none', backups: [], go: [] },
    { says: 'none of one', backups: [failed('a', NIGHT)], go: [] },
    {
      says: 'the oldest first, in whatever order they are listed',
      backups: [failed('b', NIGHT + DAY), failed('c', NIGHT + 2 * DAY), failed('a', NIGHT)],
      go: ['a', 'b'],
    },
    {
      says: 'of two of one slot the older',
      backups: [failed('b', NIGHT), { ...failed('a', NIGHT), createdUtc: NIGHT - 1000 }],
      go: ['a'],
    },
    {
      says: 'one that a clock years ahead had asked for as of when it was made',
      backups: [{ ...failed('a', NIGHT + 3652 * DAY), createdUtc: NIGHT - DAY }, failed('b', NIGHT)],
      go: ['a'],
    },
    {
      says: 'what is complete, runs or is in a state nobody knows counts for nothing',
      backups: [
        managed('done', NIGHT - DAY),
        managed('running', NIGHT + 3 * DAY, { status: 'BUILDING' }),
        managed('odd', NIGHT, { status: 'DELETE_FAILED' }),
        failed('a', NIGHT),
      ],
      go: [],
    },
    {
      says: 'nor does what is not ours',
      backups: [foreign('users', FAILED), foreign('more', FAILED), { ...conflicting, ...FAILED }, failed('a', NIGHT)],
      go: [],
    },
  ])('$says', ({ backups, go }) => {
    expect(surplusFailed(backups).map((pruned) => pruned.backup.id)).toEqual(go);
  });

  test('and the reason names the one that is kept', () => {
    const [pruned] = surplusFailed([failed('a', NIGHT), failed('b', NIGHT + DAY)]);
    expect(pruned?.because).toEqual(because('surplus-failed', { kept: 'b' }));
  });
});

describe('a deletion is blocked', () => {
  const victim = failed('victim', NIGHT);
  const scene = (over: Partial<DeletionScene> = {}): DeletionScene => ({
    backup: victim,
    nowUtc: NIGHT + DAY,
    region: [victim, backup('else', { instanceId: 'db-9' })],
    ofInstance: [victim],
    instances: [instance()],
    isOfGone: false,
    observe: false,
    ...over,
  });
  const child = backup('child', { parentId: 'victim', instanceId: 'db-9', projectId: 'project-b' });
  test('an instance that is built blocks for as long as it is where Trove does not say since when', () => {
    const instances = [instance({ id: 'db-2', status: 'BUILD', createdUtc: 0 })];
    expect(deletionBlocked(scene({ instances }))).toEqual(because('restore-may-read', { instance: 'db-2' }));
  });

  const building = (createdUtc: number) => instance({ id: 'db-2', status: 'BUILD', createdUtc });

  test.each<{ says: string; over: Partial<DeletionScene>; rule: string | null }>([
    { says: 'by nothing where nothing is wrong', over: {}, rule: null },
    { says: 'by a child anywhere', over: { region: [victim, child] }, rule: 'has-child' },
    { says: 'by a child that failed', over: { region: [{ ...child, ...FAILED }] }, rule: 'has-child' },
    { says: "by another owner's marker", over: { ofInstance: [victim, conflicting] }, rule: 'owner-conflict' },
    { says: 'by a restore', over: { instances: [building(NIGHT + HOUR)] }, rule: 'restore-may-read' },
    { says: 'not by one that is stuck for a day', over: { instances: [building(NIGHT)] }, rule: null },
    {
      says: 'by its instance, where that was taken for gone and is back',
      over: { isOfGone: true },
      rule: 'seen-again',
    },
    { says: 'not by what is really gone', over: { isOfGone: true, instances: [] }, rule: null },
    { says: 'by observing', over: { observe: true }, rule: 'observing-deletion' },
    { says: 'by a child before all else', over: { region: [child], observe: true }, rule: 'has-child' },
  ])('$says', ({ over, rule }) => {
    expect(deletionBlocked(scene(over))?.rule ?? null).toBe(rule);
  });

  test('and the reason names the child and its project', () => {
    const reason = because('has-child', { child: 'child', project: 'project-b' });
    expect(deletionBlocked(scene({ region: [child] }))).toEqual(reason);
  });
});
