import { describe, expect, test } from 'vitest';
import {
  fates,
  foresee,
  type Keep,
  nextSlot,
  type OwnedBackup,
  type PruneInput,
  whenGone,
} from '../../lib/core/index.ts';
import { at, DAY, daily, foreign, HOUR, instance, managed, policy } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const DB = instance();
const nightly = (keep: Keep, over = {}) =>
  policy({
    cadence: daily('UTC'),
    retention: { keep, minimumFulls: 1, onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY }, anchor: false },
    ...over,
  });
/** What a policy has made in so many nights, as its slots are. */
function lived(by: ReturnType<typeof nightly>, nights: number): readonly OwnedBackup[] {
  const first = nextSlot(by.cadence, DB.id, NOW - (nights + 1) * DAY);
  let made: readonly OwnedBackup[] = [];
  for (const { slotUtc, backups } of foresee(DB, by, first, [])) {
    if (slotUtc > NOW) break;
    made = backups;
  }
  return made.map((backup, n) => ({ ...backup, id: `n${n}`, parentId: parentOf(n) }));
}
const parentOf = (n: number): string | null => (n % 7 === 0 ? null : `n${n - 1}`);

function scene(by: ReturnType<typeof nightly>, backups: readonly OwnedBackup[], over: Partial<PruneInput> = {}) {
  const { retention = null } = by;
  const prune: PruneInput = {
    ...{ instance: DB, goneUtc: null, retention, policy: by, backups, elsewhere: [], holds: [], marks: [] },
    ...{ onDemand: new Set<string>(), gone: new Set<string>(), graceMs: DAY, nowUtc: NOW, ...over },
  };
  return { prune, instance: DB, policy: by, nextSlotUtc: nextSlot(by.cadence, DB.id, NOW) };
}

describe('when a backup goes', () => {
  const week = nightly({ withinMs: 7 * DAY });
  const backups = lived(week, 12);

  test('is the end of its grace once no rule keeps it, and it is really kept until then and no longer', () => {
    const input = scene(week, backups);
    const going = whenGone('n9', input);
    if (going.kind !== 'at') throw new Error(`it goes ${going.kind}`);
    expect(going.atUtc).toBe(going.unwantedUtc + DAY);
    expect(going.unwantedUtc).toBeGreaterThan(NOW + 3 * DAY);
    // All that will have been made by then.
    for (const { slotUtc, backups: then } of foresee(DB, week, input.nextSlotUtc, backups)) {
      if (slotUtc > going.unwantedUtc) break;
      const kept = (nowUtc: number) => fates({ ...input.prune, backups: then, nowUtc }).get('n9')?.kind;
      const following = nextSlot(week.cadence, DB.id, slotUtc);
      if (following > going.unwantedUtc) expect(kept(going.unwantedUtc + 1_000)).toBe('removable');
      else expect(kept(slotUtc)).toBe('kept');
    }
  });

  test('of one that is marked, the end of the grace that has begun', () => {
    const marks = [{ backupId: 'n0', markedUtc: NOW - HOUR }];
    const last = nightly({ last: 1 });
    const one = [managed('n0', NOW - 3 * DAY), managed('n1', NOW - DAY)];
    expect(whenGone('n0', scene(last, one, { marks }))).toMatchObject({ kind: 'at', atUtc: NOW - HOUR + DAY });
  });

  test('by number it is the slot that takes its place', () => {
    const last = nightly({ last: 2 });
    const fulls = [managed('a', NOW - 2 * DAY), managed('b', NOW - DAY)];
    const input = scene({ ...last, maxIncrementals: 0 }, fulls);
    expect(whenGone('a', input)).toMatchObject({ kind: 'at', unwantedUtc: input.nextSlotUtc });
  });

  test('a year later where a year is kept', () => {
    const yearly = nightly({ last: 1, yearly: 2 }, { maxIncrementals: 0 });
    const going = whenGone('a', scene(yearly, [managed('a', at('2026-02-01 22:00'))]));
    if (going.kind !== 'at') throw new Error(`it goes ${going.kind}`);
    expect(new Date(going.unwantedUtc).toISOString().slice(0, 10)).toBe('2028-01-01');
  });

  test('farther off than is looked ahead is said so', () => {
    const going = whenGone('a', scene(nightly({ yearly: 50 }), [managed('a', at('2026-02-01 22:00'))]));
    expect(going.kind).toBe('later');
  });

  test('never while somebody holds it, or what stands on it, without an end', () => {
    const holds = [{ backupId: 'n10', owner: 'anna', note: 'audit', untilUtc: null }];
    for (const id of ['n10', 'n7']) {
      expect(whenGone(id, scene(week, backups, { holds }))).toMatchObject({
        kind: 'never',
        because: { rule: 'kept-held' },
      });
    }
  });

  test('not before a hold ends', () => {
    const untilUtc = NOW + 20 * DAY;
    const holds = [{ backupId: 'n7', owner: 'anna', note: 'audit', untilUtc }];
    const going = whenGone('n7', scene(week, backups, { holds }));
    expect(going.kind === 'at' && going.unwantedUtc >= untilUtc && going.unwantedUtc < untilUtc + 2_000).toBe(true);
  });

  test("what a user's backup stands on is blocked by that", () => {
    const users = foreign('mine', { parentId: 'n2' });
    const going = whenGone('n2', scene(week, [...backups, users]));
    expect(going).toMatchObject({ kind: 'blocked', because: { rule: 'has-child', params: { child: 'mine' } } });
  });

  test('after its instance, by time alone', () => {
    const goneUtc = NOW - DAY;
    const input = scene(week, backups, { goneUtc });
    expect(whenGone('n0', input)).toMatchObject({ kind: 'at' });
    const last = whenGone(`n${backups.length - 1}`, input);
    expect(last.kind === 'at' && Math.abs(last.unwantedUtc - (goneUtc + 30 * DAY)) < 2_000).toBe(true);
  });
});
