import { describe, expect, test } from 'vitest';
import {
  chooseKind,
  fates,
  type Keep,
  type ManagedBackup,
  nextSlot,
  type Policy,
  pruneStep,
  spreadWeekday,
} from '../../lib/core/index.ts';
import { at, DAY, instance, managed, NO_FAILURES, policy } from './builders.ts';

const GFS: Keep = { withinMs: 7 * DAY, weekly: 4, monthly: 12, yearly: 3 };
const withKeep = (keep: Keep, anchor: boolean, over: Partial<Policy> = {}): Policy =>
  policy({
    retention: { keep, minimumFulls: 1, onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY }, anchor },
    ...over,
  });

interface Lived {
  readonly left: readonly ManagedBackup[];
  readonly made: readonly ManagedBackup[];
  readonly reasons: readonly string[];
  readonly peak: number;
}

/** An instance's life under a policy: each slot makes a backup, and what may go goes at once. */
function live(by: Policy, days: number, id = 'db-1'): Lived {
  const lived = { left: [] as ManagedBackup[], made: [] as ManagedBackup[], reasons: [] as string[], peak: 0 };
  const it = instance({ id });
  let slotUtc = at('2026-01-01 00:00');
  const endUtc = slotUtc + days * DAY;
  for (let n = 0; slotUtc < endUtc; n++, slotUtc = nextSlot(by.cadence, id, slotUtc)) {
    const choice = chooseKind(it, by, slotUtc, lived.left, NO_FAILURES);
    const parentId = choice.kind === 'full' ? null : choice.parent.id;
    const made = managed(`b${n}`, slotUtc, { instanceId: id, parentId });
    lived.reasons.push(choice.because.rule);
    lived.made.push(made);
    lived.left.push(made);
    lived.left = prune(by, id, lived.left, slotUtc);
    lived.peak = Math.max(lived.peak, lived.left.length);
  }
  return lived;
}

function prune(by: Policy, id: string, backups: readonly ManagedBackup[], nowUtc: number): ManagedBackup[] {
  let left = [...backups];
  const { retention } = by;
  if (!retention) return left;
  const found = fates({
    ...{ instance: { id, projectId: 'project-a' }, goneUtc: null, retention, policy: by, backups },
    ...{ elsewhere: [], holds: [], demandedKeeps: {}, gone: new Set(), nowUtc },
  });
  const marks = backups.map((backup) => ({ backupId: backup.id, markedUtc: 0 }));
  for (;;) {
    const [next] = pruneStep({ backups: left, fates: found, marks, gone: new Set(), graceMs: 0, nowUtc }).ripe;
    if (!next) return left;
    left = left.filter((backup) => backup.id !== next.backup.id);
  }
}

const isFull = ({ parentId }: ManagedBackup): boolean => parentId === null;
const weekdayOf = (instant: number): number => (new Date(instant).getUTCDay() + 6) % 7;
const dayText = ({ ownership }: ManagedBackup): string => new Date(ownership.slotUtc).toISOString().slice(0, 10);
const BEFORE_A_WEEK = (backup: ManagedBackup, lived: Lived): boolean =>
  backup.ownership.slotUtc < (lived.made.at(-1)?.ownership.slotUtc ?? 0) - 21 * DAY;

describe('with fulls as rare as can be', () => {
  const RARE = { fullEveryMs: 4000 * DAY, maxIncrementals: 1000 };

  test('anchors make each kept week, month and year begin with a full, and all between goes', () => {
    const lived = live(withKeep(GFS, true, RARE), 800);
    for (const backup of lived.left) if (BEFORE_A_WEEK(backup, lived)) expect(isFull(backup)).toBe(true);
    expect(lived.peak).toBeLessThan(50);
    expect(new Set(lived.reasons)).toEqual(new Set(['no-chain', 'full-anchor', 'continues-chain']));
  });

  test('without them one chain holds everything for ever', () => {
    const lived = live(withKeep(GFS, false, RARE), 400);
    expect(lived.left).toHaveLength(lived.made.length);
  });

  test('a monthly rule alone has a full a month', () => {
    const lived = live(withKeep({ withinMs: 7 * DAY, monthly: 12 }, true, RARE), 365);
    expect(lived.made.filter(isFull)).toHaveLength(12);
    expect(lived.made.filter(isFull).map((backup) => dayText(backup).slice(0, 7))).toEqual(
      Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}`),
    );
  });
});

test('weekly fulls are anchors already: they move to their weekday once, and then not one more is made', () => {
  const { made, reasons } = live(withKeep(GFS, true), 1200);
  expect(reasons.filter((rule) => rule === 'full-anchor')).toHaveLength(1);
  const moved = reasons.indexOf('full-anchor');
  const weekdays = made
    .slice(moved)
    .filter(isFull)
    .map(({ ownership }) => weekdayOf(ownership.slotUtc));
  expect(new Set(weekdays)).toEqual(new Set([spreadWeekday('db-1')]));
});

test("a fleet's anchors are spread over the week", () => {
  const rare = withKeep(GFS, true, { fullEveryMs: 4000 * DAY, maxIncrementals: 1000 });
  const ids = Array.from({ length: 60 }, (_, n) => `db-${n}`);
  const weekdays = ids.map((id) => {
    const fulls = live(rare, 30, id).made.filter(isFull).slice(1);
    const days = new Set(fulls.map(({ ownership }) => weekdayOf(ownership.slotUtc)));
    expect([...days]).toEqual([spreadWeekday(id)]);
    return spreadWeekday(id);
  });
  expect(new Set(weekdays).size).toBe(7);
});

test('the plan says which period a full is made for, on its day and not before', () => {
  const by = withKeep({ withinMs: 7 * DAY, monthly: 12 }, true, { fullEveryMs: 4000 * DAY, maxIncrementals: 1000 });
  const id = ['db-1', 'db-2', 'db-3', 'db-4', 'db-5', 'db-6', 'db-7', 'db-8', 'db-9'].find(
    (it) => spreadWeekday(it) === 2,
  );
  const on = instance({ id: id ?? 'none has Wednesday' });
  const full = managed('full', at('2026-11-04 22:00'), { instanceId: on.id });
  const before = managed('inc', at('2026-11-30 22:00'), { instanceId: on.id, parentId: 'full' });
  const chosen = (slot: string) => chooseKind(on, by, at(slot), [full, before], NO_FAILURES);
  expect(chosen('2026-12-01 22:00').kind).toBe('incremental');
  expect(chosen('2026-12-02 22:00')).toEqual({
    kind: 'full',
    because: { rule: 'full-anchor', params: { period: 'monthly', startDay: at('2026-12-01 00:00') / DAY, count: 12 } },
  });
  const since = managed('made', at('2026-12-02 22:00'), { instanceId: on.id });
  expect(chooseKind(on, by, at('2026-12-03 22:00'), [full, before, since], NO_FAILURES).kind).toBe('incremental');
});
