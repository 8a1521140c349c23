import { expect, test } from 'vitest';
import { check, type Evidence } from '../../daemon/demo/check.ts';
import type { RunRow, ScheduleRow } from '../../daemon/demo/ledger.ts';
import { summary } from '../../daemon/demo/summary.ts';
import { textOf } from '../../daemon/demo/text.ts';
import { wordsOf } from '../../daemon/demo/words/index.ts';
import { addBackup, HOUR, type Sound, sound } from './sound.ts';

const runs = (it: Sound, change: (runs: readonly RunRow[]) => readonly RunRow[]): Evidence => ({
  ...it,
  ledger: { ...it.ledger, runs: change(it.runs) },
});
const schedule = (it: Sound, change: Partial<ScheduleRow>): Evidence => ({
  ...it,
  ledger: { ...it.ledger, schedules: [{ ...it.schedule, ...change }] },
});
/** With one run changed, counted from the end as `at` does. */
const run = (it: Sound, at: number, change: Partial<RunRow>): Evidence =>
  runs(it, (all) => all.with(at, { ...(all.at(at) as RunRow), ...change }));

test('a store and a region that agree', () => {
  const it = sound();
  expect(check(it)).toEqual([{ name: 'shop/orders', scheduled: true, slots: 3, failed: 0, chains: [3], problems: [] }]);
});

const CASES: readonly (readonly [string, readonly string[], (it: Sound) => Evidence])[] = [
  [
    'a slot was passed over',
    ['slots-differ', 'unknown'],
    (it) => runs(it, ([first, , third]) => [first, third].filter((one) => one !== undefined)),
  ],
  ['a run has no slot', ['slots-differ'], (it) => run(it, -1, { slotUtc: it.schedule.nextSlotUtc - HOUR })],
  [
    'a slot has two backups',
    ['slot-twice', 'unknown', 'parent'],
    (it) => {
      const { instanceId, slotUtc, parentId } = it.runs.at(-1) as RunRow;
      addBackup(it.region, { instanceId, slotUtc, parentId });
      return { ...it, backups: it.region.backups() };
    },
  ],
  ['a run has no end', ['open'], (it) => run(it, -1, { state: 'unknown' })],
  [
    'a run has no end, but the demo was interrupted',
    [],
    (it) => ({ ...run(it, -1, { state: 'running' }), interrupted: true }),
  ],
  ['an end has no reason', ['unexplained'], (it) => run(it, 0, { because: null })],
  ['the region has no such backup', ['not-there', 'unknown'], (it) => run(it, -1, { backupId: 'elsewhere' })],
  [
    'an incremental skips a backup',
    ['parent'],
    (it) => ({
      ...it,
      backups: it.backups.map((row, at) => (at === 2 ? { ...row, parentId: it.backups[0]?.id ?? null } : row)),
    }),
  ],
  ['a failure is followed by an incremental', ['after-failure'], (it) => run(it, 1, { state: 'failed' })],
  ['nothing was made for long', ['unprotected'], (it) => ({ ...it, nowUtc: it.nowUtc + 9 * HOUR })],
  [
    'nothing was made for long, because it failed',
    [],
    (it) => ({ ...run(it, -1, { state: 'failed' }), nowUtc: it.nowUtc + 9 * HOUR }),
  ],
  [
    'nothing was made for long, because it is gone',
    [],
    (it) => ({ ...schedule(it, { active: false }), nowUtc: it.nowUtc + 9 * HOUR }),
  ],
  [
    'it was never scheduled',
    ['unscheduled', 'unknown'],
    (it) => ({ ...it, ledger: { runs: [], schedules: [], exclusions: [] } }),
  ],
  ['it is excluded, but has backups', ['excluded'], (it) => ({ ...it, excludedId: it.instances[0]?.projectId ?? '' })],
];

test.each(CASES)('%s', (_, kinds, spoil) => {
  const found = new Set(check(spoil(sound())).flatMap(({ problems }) => problems.map(({ kind }) => kind)));
  expect(found).toEqual(new Set(kinds));
});

test.each(['en', 'vi'] as const)('the summary names every problem: %s', (language) => {
  const words = wordsOf(language);
  const spoilt = check(run(sound(), -1, { state: 'unknown' }));
  const lines = summary({ findings: spoilt, heard: 5, days: '2.0' }, 80, words).map(textOf);
  expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(1);
  expect(lines.at(-1)).toBe(words.summary.wrong(1));
  expect(
    summary({ findings: check(sound()), heard: null, days: '2.0' }, 1000, words)
      .map(textOf)
      .at(-1),
  ).toBe(words.summary.fine);
});

test('a bus that told the daemon nothing is a problem of its own', () => {
  const lines = summary({ findings: check(sound()), heard: 0, days: '2.0' }, 80, wordsOf('en')).map(textOf);
  expect(lines).toContain('✗ RabbitMQ told the daemon 0 times where to look.');
  expect(lines.at(-1)).toBe('1 check does not hold.');
});
