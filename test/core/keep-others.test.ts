import { expect, test } from 'vitest';
import { fates, type Keep, type ManagedBackup } from '../../lib/core/index.ts';
import { at, chainOf, DAY, HOUR, managed, policy } from './builders.ts';

// The rows of docs/retention.md, "Against other tools", as this service has them.
const NOW = at('2026-11-24 12:00');
const daysAgo = (days: number): ManagedBackup => managed(`${days}d`, NOW - days * DAY);
/** Monday 9 November 22:00 to Monday 23 November 22:00, a full each Sunday. */
const NIGHTS = Array.from({ length: 15 }, (_, n) => at('2026-11-09 22:00') + n * DAY).map((slotUtc, n, all) => {
  const id = new Date(slotUtc).toISOString().slice(5, 10);
  const before = all[n - 1];
  const isFull = before === undefined || new Date(slotUtc).getUTCDay() === 0;
  return managed(id, slotUtc, { parentId: isFull ? null : new Date(before).toISOString().slice(5, 10) });
});

interface Row {
  readonly as: string;
  readonly backups: readonly ManagedBackup[];
  readonly keep: Keep;
  readonly minimumFulls?: number;
  /** What is kept for itself, not for what stands on it. */
  readonly kept: readonly string[];
}

test.each<Row>([
  {
    as: 'pgBackRest with two fulls',
    backups: [
      ...chainOf(NOW - 20 * DAY, ['F1', 'F1-I1']),
      ...chainOf(NOW - 10 * DAY, ['F2', 'F2-I1']),
      ...chainOf(NOW - 2 * DAY, ['F3', 'F3-I1', 'F3-I2']),
    ],
    keep: { last: 1 },
    minimumFulls: 2,
    kept: ['F2', 'F3', 'F3-I2'],
  },
  {
    as: 'pgBackRest with thirty days',
    backups: [25, 35, 45, 55, 65].map(daysAgo),
    keep: { withinMs: 30 * DAY },
    kept: ['25d', '35d'],
  },
  {
    as: 'restic with the last three',
    backups: [1, 2, 3, 4, 5].map(daysAgo),
    keep: { last: 3 },
    kept: ['1d', '2d', '3d'],
  },
  {
    as: 'restic with three days, but the first of each',
    backups: [0, 1, 2, 3]
      .flatMap((day) => [
        managed(`${day}-morning`, at('2026-11-23 08:00') - day * DAY, { parentId: `${day + 1}-evening` }),
        managed(`${day}-evening`, at('2026-11-23 20:00') - day * DAY, { parentId: `${day}-morning` }),
      ])
      .map((backup) => (backup.id === '3-morning' ? { ...backup, parentId: null } : backup)),
    keep: { daily: 3 },
    kept: ['0-evening', '0-morning', '1-morning', '2-morning', '3-morning'],
  },
  { as: 'restic with two weeks, but their fulls', backups: NIGHTS, keep: { weekly: 2 }, kept: ['11-22', '11-23'] },
  {
    as: 'restic within seven days, but from now',
    backups: Array.from({ length: 12 }, (_, n) => daysAgo(n + 1)),
    keep: { withinMs: 7 * DAY - HOUR },
    kept: ['1d', '2d', '3d', '4d', '5d', '6d', '7d'],
  },
  {
    as: 'kopia with the latest two and two months, but their first fulls',
    backups: Array.from({ length: 90 }, (_, n) => daysAgo(n + 1)),
    keep: { last: 2, monthly: 2 },
    kept: ['1d', '2d', '23d', '54d'],
  },
])('as $as', ({ backups, keep, minimumFulls = 1, kept }) => {
  const found = fates({
    instance: { id: 'db-1', projectId: 'project-a' },
    goneUtc: null,
    retention: { keep, minimumFulls, onDelete: { keepMs: DAY, lastChainMs: DAY }, anchor: false },
    policy: policy({ cadence: { kind: 'elapsed', everyMs: 40 * DAY } }),
    ...{ backups, elsewhere: [], holds: [], demandedKeeps: {}, gone: new Set(), nowUtc: NOW },
  });
  const forItself = [...found].filter(
    ([, fate]) => fate.kind === 'kept' && fate.because.some(({ rule }) => rule !== 'kept-ancestor'),
  );
  expect(forItself.map(([id]) => id).sort()).toEqual([...kept].sort());
});
