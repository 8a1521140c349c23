import { describe, expect, test } from 'vitest';
import { calendarDay, duration, utc } from '../../lib/core/explain/format.ts';
import {
  because,
  explain,
  type Language,
  PERIODS as PERIOD_NAMES,
  type Period,
  type Reason,
  type RuleName,
  type Rules,
} from '../../lib/core/index.ts';
import { at, DAY, HOUR, MINUTE, SECOND } from './builders.ts';

const SLOT = at('2026-11-22 22:00');

/** One of every rule: the compiler asks for a sample of a new one. */
const SAMPLES: { readonly [R in RuleName]: Rules[R] } = {
  'policy-selects': { policy: 'nightly' },
  'excluded-project': { project: 'scratch@Default' },
  'excluded-datastore': { datastore: 'mysql' },
  'excluded-name': { name: 'tmp-7', pattern: 'tmp-*' },
  replica: { master: 'db-0' },
  'cluster-member': { cluster: 'cluster-1' },
  'no-policy': {},
  'policy-vanished': { policy: 'daily' },
  'instance-gone': {},
  'project-policy-selects': { policy: 'ours' },
  'opted-out': {},
  'override-not-allowed': { what: 'zone', policy: 'nightly' },
  'override-too-often': { everyMs: HOUR, leastMs: 6 * HOUR, policy: 'nightly' },
  'override-keeps-too-little': { withinMs: DAY, leastMs: 3 * DAY, policy: 'nightly' },
  'pause-too-long': { forMs: 30 * DAY, mostMs: 7 * DAY, policy: 'nightly' },
  'override-of-rule': { form: 'cron' },
  'override-zone-alone': {},
  'override-beyond-window': { everyMs: 12 * HOUR, openMs: 8 * HOUR },
  'override-dropped': {
    of: 'keep',
    source: { layer: 'project', policy: 'ours' },
    by: because('override-not-allowed', { what: 'keep', policy: 'nightly' }),
  },
  'selects-nothing': {},
  'keeps-beyond': { keptMs: 400 * DAY, horizonMs: 90 * DAY },
  'chain-outlasts': { withinMs: 3 * DAY, chainMs: 7 * DAY },
  'window-gap': { everyMs: HOUR, longestMs: 17 * HOUR },
  'opt-out-dropped': { by: because('override-not-allowed', { what: 'enabled', policy: 'nightly' }) },
  'first-within': { withinMs: 15 * MINUTE },
  'enrolled-over': { overMs: 7 * DAY },
  'makes-up-for': { slotUtc: SLOT, by: because('frozen', { untilUtc: SLOT, reason: 'year-end closing' }) },
  'no-chain': {},
  'full-only': { datastore: 'postgresql' },
  'version-changed': { from: 'mysql 8.0', to: 'mysql 8.4' },
  'previous-failed': { slotUtc: SLOT },
  'chain-length': { length: 5, max: 6 },
  'chain-age': { startedUtc: SLOT, fullEveryMs: 7 * DAY },
  'full-anchor': { period: 'weekly', startDay: 20_776, count: 4 },
  'full-weekday': { weekday: 'sun', startedUtc: SLOT },
  'continues-chain': { parent: 'backup-1', length: 5, max: 6 },
  'instance-busy': { status: 'RESIZE' },
  'backup-running': { backup: 'backup-1' },
  'backup-stuck': { backup: 'backup-1', instance: 'db-1', status: 'BUILDING', sinceUtc: SLOT, limitMs: 7_200_000 },
  'left-by-instance': { status: 'BUILDING' },
  'cap-reached': {},
  'no-answer-yet': {},
  'rate-limited': { retryAfterMs: 42 * SECOND },
  'storage-away': { detail: 'Swift account not accessible' },
  unreachable: { detail: 'connection refused' },
  busy: { detail: 'Instance is restarting' },
  'quota-refused': { detail: 'Quota exceeded' },
  'not-found': { detail: 'Resource db-1 cannot be found' },
  unauthorized: { detail: 'The request you have made requires authentication' },
  refused: { detail: 'Instance is a cluster member' },
  frozen: { untilUtc: SLOT, reason: 'year-end closing' },
  observing: { kind: 'incremental' },
  'slot-elapsed': { everyMs: HOUR },
  'slot-within': { zone: 'Asia/Ho_Chi_Minh' },
  'slot-named': { local: '2026-11-22 22:00:00', zone: 'UTC', offsetMs: 17 * MINUTE },
  'slot-skipped-time': { local: '2026-03-29 02:30:00', zone: 'Europe/Berlin' },
  'slot-doubled-time': { local: '2026-10-25 02:30:00', zone: 'Europe/Berlin' },
  'slot-stretched': { slots: 3 },
  'slot-out-of-turn': {},
  'slot-unknown': {},
  'made-for-slot': { slotUtc: SLOT },
  'made-by-user': {},
  paused: { owner: 'anna', note: 'moving the disks', untilUtc: 0 },
  'backing-off': { failures: 4, untilUtc: SLOT },
  quota: { inUse: 49, limit: 50, reserve: 1, ask: 51 },
  'quota-short': { ours: 14, others: 2, limit: 10, reserve: 1, ask: 17 },
  'quota-holds-older': { limit: 10, ask: 17 },
  'quota-enough': { limit: 20 },
  'quota-freeing': {},
  'adapted-chains': { from: 6, to: 3 },
  'adapted-interval': { fromMs: 86_400_000, toMs: 172_800_000 },
  'adapted-count': { of: 'daily', from: 7, to: 4 },
  'adapted-floor': { fulls: 1 },
  'no-role': { project: 'project-a' },
  'no-trust': { project: 'project-a', trustee: 'user-a' },
  'owner-conflict': { backup: 'backup-1', owner: 'deadbeef' },
  'policy-unusable': { detail: 'RangeError: Invalid time zone specified: Mars/Olympus' },
  missed: {},
  'full-demanded': {},
  'demand-expired': { afterMs: DAY, held: because('instance-busy', { status: 'RESIZE' }) },
  'demand-cancelled': { who: 'anna' },
  'instance-unknown': {},
  'demand-waiting': { run: 'run-1' },
  'key-reused': { run: 'run-1' },
  'kept-demanded-until': { untilUtc: SLOT },
  expired: { held: because('instance-busy', { status: 'RESIZE' }) },
  'window-ended': { held: because('instance-busy', { status: 'RESIZE' }) },
  credited: { backup: 'backup-1', finishedUtc: SLOT },
  'recent-point': { pointUtc: SLOT },
  'first-not-due': { slotUtc: SLOT },
  'under-way': { slotUtc: SLOT },
  'point-vanished': { slotUtc: SLOT },
  'credit-vanished': { backup: 'backup-1', slotUtc: SLOT },
  'kept-within': { withinMs: 7 * DAY },
  'kept-window-start': { withinMs: 7 * DAY, startUtc: SLOT },
  'kept-last': { place: 3, count: 5 },
  'kept-period': { period: 'monthly', startDay: 20_758, place: 2, count: 12 },
  'kept-without-rule': {},
  'kept-newest': {},
  'kept-floor': { fulls: 2 },
  'kept-ancestor': { of: 'backup-4' },
  'kept-held': { owner: 'anna', note: 'before the migration', untilUtc: SLOT },
  'kept-on-demand': {},
  'kept-after-delete': { untilUtc: SLOT },
  'kept-last-chain': { untilUtc: SLOT },
  'kept-running': { status: 'SAVING' },
  'kept-failed': {},
  'kept-no-point': { status: 'DELETE_FAILED' },
  'not-whole': { backup: 'backup-2', status: 'FAILED' },
  'deletion-asked': { backup: 'backup-2' },
  'parent-missing': { backup: 'backup-2', parent: 'backup-1' },
  'parent-elsewhere': { backup: 'backup-2', parent: 'backup-1' },
  unwanted: {},
  'wanted-again': { by: because('kept-newest', {}) },
  'gone-already': {},
  'failed-on-unwanted': { parent: 'backup-1' },
  'no-recent-success': { pointUtc: SLOT, intervalMs: DAY },
  'surplus-failed': { kept: 'backup-2' },
  'has-child': { child: 'backup-3', project: 'project-b' },
  'restore-may-read': { instance: 'db-2' },
  'seen-again': { instance: 'db-1' },
  'observing-deletion': {},
  'clock-unproven': {},
  'clock-jumped': { byMs: DAY },
  'clock-apart': { aheadMs: 10 * MINUTE },
  'clock-was-wrong': { untilUtc: SLOT },
  'took-more': { backup: 'b-1', taken: 2 },
  quarantine: { untilUtc: 1_795_000_000_000 },
  'odd-row': { what: 'backup', id: 'backup-1', field: 'backups[3].status' },
  'unwanted-no-more': {},
  'deletion-without-effect': { afterMs: 86_400_000 },
  accepted: {},
  adopted: { backup: 'backup-1' },
  'answer-lost': { detail: 'socket hang up' },
  restarted: {},
  'backup-completed': {},
  'backup-failed': { status: 'FAILED' },
  'backup-vanished': { backup: 'backup-1' },
  'outcome-unknown': { afterMs: DAY },
};
const reasons = Object.entries(SAMPLES).map(([rule, params]) => ({ rule, params }) as Reason);

const SUNDAY = { en: 'Sunday', vi: 'Chủ nhật' } as const;
const PERIODS = {
  en: { daily: 'daily', weekly: 'weekly', monthly: 'monthly', yearly: 'yearly' },
  vi: { daily: 'hằng ngày', weekly: 'hằng tuần', monthly: 'hằng tháng', yearly: 'hằng năm' },
} as const;

const SETTINGS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { zone: 'the time zone', keep: 'what is kept' },
  vi: { zone: 'múi giờ', keep: 'những gì được giữ' },
};

const shown = ([key, value]: [string, unknown], language: Language): string => {
  if (key === 'held') return 'RESIZE';
  if (key === 'by') return explain(value as Reason, language);
  if (key === 'weekday') return SUNDAY[language];
  if (key === 'period') return PERIODS[language][value as Period];
  if (key === 'startDay') return calendarDay(Number(value));
  if (key.endsWith('Ms')) return duration(Number(value));
  if (key === 'source') return (value as { policy: string }).policy;
  if (key === 'what' || key === 'of') return SETTINGS[language][String(value)] ?? String(value);
  return key.endsWith('Utc') ? utc(Number(value)) : String(value);
};

describe.each<{ language: Language }>([{ language: 'en' }, { language: 'vi' }])('in $language', ({ language }) => {
  test.each(reasons)('the sentence for $rule is whole and tells every fact', (reason) => {
    const sentence = explain(reason, language);
    expect(sentence).not.toMatch(/undefined|\[object|NaN|null|function|\$\{/);
    expect(sentence).toMatch(/^\p{Lu}/u);
    for (const fact of Object.entries(reason.params)) expect(sentence).toContain(shown(fact, language));
  });

  test('no two rules have the same sentence', () => {
    expect(new Set(reasons.map((reason) => explain(reason, language))).size).toBe(reasons.length);
  });
});

test('the languages differ in every sentence, and English is the one not asked for', () => {
  for (const reason of reasons) {
    expect(explain(reason, 'vi')).not.toBe(explain(reason, 'en'));
    expect(explain(reason)).toBe(explain(reason, 'en'));
  }
});

test.each([
  { ms: 0, expected: '0ms' },
  { ms: 250, expected: '250ms' },
  { ms: 1_500, expected: '1500ms' },
  { ms: 90 * SECOND, expected: '90s' },
  { ms: 15 * MINUTE, expected: '15m' },
  { ms: 36 * HOUR, expected: '36h' },
  { ms: 7 * DAY, expected: '7d' },
])('$ms ms are written $expected', ({ ms, expected }) => {
  expect(duration(ms)).toBe(expected);
});

test('an instant is written with its zone', () => {
  expect(utc(SLOT + 5 * SECOND)).toBe('2026-11-22 22:00:05 UTC');
});

test.each(PERIOD_NAMES)('a $period backup is named by its first day in both languages', (period) => {
  const reason = because('kept-period', { period, startDay: 20_758, place: 1, count: 2 });
  expect(explain(reason, 'en')).toBe(
    `Kept as the ${period} backup of ${{ daily: '', weekly: 'the week from ', monthly: 'the month from ', yearly: 'the year from ' }[period]}2026-11-01, 1 of 2.`,
  );
  expect(explain(reason, 'vi')).toContain(`${PERIODS.vi[period]} của`);
});

test('a hold without an end says so', () => {
  const held = because('kept-held', { owner: 'anna', note: 'audit', untilUtc: null });
  expect(explain(held, 'en')).toBe('Held by anna until the hold is lifted: audit');
  expect(explain(held, 'vi')).toBe('Được anna ghim cho đến khi bỏ ghim: audit');
});
