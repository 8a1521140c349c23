import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../daemon/config/load.ts';
import { at, DAY, HOUR, MINUTE } from '../core/builders.ts';
import { refusalOf, SAMPLE } from './sample.ts';

/** The sample with one policy that has a name and these keys. */
const withPolicy = (keys: object, rest: object = {}): string =>
  stringify({ ...(parse(SAMPLE) as object), ...rest, policies: [{ name: 'only', ...keys }] });
const policyOf = (keys: object, rest?: object) => parseConfig(withPolicy(keys, rest), 'config.yaml').policies[0];
const whyNot = (keys: object, rest?: object): string =>
  refusalOf(withPolicy(keys, rest)).message.replace('config.yaml cannot be used:\n  ', '');

const DAWN = { startMinute: 90, endMinute: 300 };

describe('a schedule is read', () => {
  test.each([
    { keys: { every: '6h' }, cadence: { kind: 'elapsed', everyMs: 6 * HOUR } },
    {
      keys: { every: '1h', window: '01:30-05:00', zone: 'Europe/Berlin' },
      cadence: { kind: 'elapsed', everyMs: HOUR, within: { zone: 'Europe/Berlin', window: DAWN } },
    },
    {
      keys: { every: '1h', window: '01:30-05:00' },
      cadence: { kind: 'elapsed', everyMs: HOUR, within: { zone: 'UTC', window: DAWN } },
    },
    {
      keys: { every: 'day', window: '01:30-05:00' },
      cadence: { kind: 'calendar', unit: 'day', zone: 'UTC', window: DAWN },
    },
    {
      keys: { cron: '30 2 * * sun', zone: 'Asia/Ho_Chi_Minh' },
      cadence: { kind: 'cron', cron: '30 2 * * sun', zone: 'Asia/Ho_Chi_Minh', spreadMs: HOUR },
    },
    {
      keys: { cron: '@daily', spread: '15m' },
      cadence: { kind: 'cron', cron: '@daily', zone: 'UTC', spreadMs: 15 * MINUTE },
    },
    {
      keys: { rrule: 'FREQ=WEEKLY;BYDAY=MO', spread: '0s' },
      cadence: { kind: 'rrule', rrule: 'FREQ=WEEKLY;BYDAY=MO', zone: 'UTC', spreadMs: 0 },
    },
  ])('$keys', ({ keys, cadence }) => {
    expect(policyOf(keys)?.cadence).toEqual(cadence);
  });

  test.each(['spread', 'mon', 'sun'])('full_on: %s', (full_on) => {
    expect(policyOf({ every: 'day', full_on })).toMatchObject({ fullOn: full_on, fullEveryMs: 7 * DAY });
  });

  test.each([
    { keys: { every: 'day', catch_up: 'late' }, catchUp: 'late' },
    { keys: { cron: '0 3 * * *', catch_up: 'now' }, catchUp: 'now' },
    { keys: { every: '1h', window: '22:00-06:00', catch_up: 'window' }, catchUp: undefined },
  ])('$keys', ({ keys, catchUp }) => {
    expect(policyOf(keys)?.catchUp).toBe(catchUp);
  });

  test('without full_on as it was before there was one, but for what it keeps', () => {
    expect(JSON.stringify({ ...policyOf({ every: '6h' }), retention: undefined })).toBe(
      '{"name":"only","select":{"projects":[],"datastores":[],"names":[]},"cadence":{"kind":"elapsed","everyMs":21600000},' +
        '"fullEveryMs":604800000,"maxIncrementals":6,"firstWithinMs":900000}',
    );
  });

  test.each([
    { keys: { cron: '*/10 * * * *' }, minimum: '10m' },
    { keys: { cron: '0 3,5 * * 1' }, minimum: '2h' },
    { keys: { rrule: 'FREQ=HOURLY' }, minimum: '1h' },
    { keys: { every: '30s' }, minimum: '30s' },
  ])('$keys where no two of its slots are closer than minimum_interval: $minimum', ({ keys, minimum }) => {
    expect(policyOf(keys, { limits: { minimum_interval: minimum } })).toMatchObject({ name: 'only' });
  });
});

describe('a schedule is refused with what to do', () => {
  const NONE = 'policies.0: must have exactly one of every, cron and rrule; it has';
  test.each([
    { keys: {}, says: `${NONE} none` },
    { keys: { every: 'day', cron: '@daily' }, says: `${NONE} every and cron` },
    { keys: { every: 'day', cron: '@daily', rrule: 'FREQ=DAILY' }, says: `${NONE} every and cron and rrule` },
    {
      keys: { every: '6h', zone: 'UTC' },
      says: 'policies.0.zone: has no meaning with "every: 6h" around the clock; add a window, or remove the zone',
    },
    {
      keys: { every: '6h', window: '01:30-05:00' },
      says:
        'policies.0.every: every 6h is longer than the window, 210m: some instances would never have a slot in it; ' +
        'write "every: day", or widen the window',
    },
    {
      keys: { every: 'day', spread: '1h' },
      says: 'policies.0.spread: goes with cron or rrule; "every" spreads its slots over the window or the interval',
    },
    {
      keys: { cron: '@daily', window: '01:30-05:00' },
      says: 'policies.0.window: goes with "every"; cron names its times, and spread widens them',
    },
    {
      keys: { rrule: 'FREQ=DAILY', window: '01:30-05:00' },
      says: 'policies.0.window: goes with "every"; rrule names its times, and spread widens them',
    },
    {
      keys: { every: 'week', full_on: 'mon' },
      says: 'policies.0.full_on: has no meaning with "every: week"; full_every says which of its backups are full',
    },
    {
      keys: { every: 'day', catch_up: 'never' },
      says: 'policies.0.catch_up: must be one of window, late, now',
    },
    {
      keys: { every: '6h', catch_up: 'late' },
      says: 'policies.0.catch_up: has no meaning with "every: 6h" around the clock; add a window, or remove catch_up',
    },
    {
      keys: { every: 'day', full_on: 'monday' },
      says: 'policies.0.full_on: must be one of spread, mon, tue, wed, thu, fri, sat, sun',
    },
    {
      keys: { cron: '0 3 * *' },
      says: 'policies.0.cron: "0 3 * *" is no cron pattern; write five fields (minute, hour, day, month, weekday)',
    },
    { keys: { cron: '0 0 30 2 *' }, says: 'policies.0.cron: cron "0 0 30 2 *" never comes, or not once in ten years' },
    { keys: { rrule: 'FREQ=DAILY;COUNT=3' }, says: 'policies.0.rrule: a schedule has no end; remove COUNT' },
    {
      keys: { cron: '*/10 * * * *' },
      says: 'policies.0.cron: policy "only" has slots 10m apart, less than limits.minimum_interval, 1h; widen "cron" or lower that limit',
    },
    {
      keys: { cron: '0 3 * * *', zone: 'Mars/Base' },
      says: 'policies.0.zone: "Mars/Base" is no time zone; give an IANA name such as Asia/Ho_Chi_Minh or UTC',
    },
    {
      keys: { rrule: 'FREQ=DAILY;BYHOUR=3,4;BYMINUTE=0,30' },
      says: 'policies.0.rrule: policy "only" has slots 30m apart, less than limits.minimum_interval, 1h; widen "rrule"',
    },
  ])('$keys', ({ keys, says }) => {
    const message = whyNot(keys);
    expect(message).toContain(says);
    expect(message.split('\n')).toHaveLength(1);
  });
});

describe('a freeze', () => {
  const freezeOf = (from: unknown, to: unknown, reason: unknown = 'year-end closing') =>
    stringify({ ...(parse(SAMPLE) as object), freeze: [{ from, to, reason }] });

  test('of local dates counts both in', () => {
    expect(parseConfig(freezeOf('2026-12-24', '2027-01-02'), 'config.yaml').freeze).toEqual([
      {
        kind: 'days',
        fromDay: at('2026-12-24 00:00') / DAY,
        toDay: at('2027-01-02 00:00') / DAY,
        reason: 'year-end closing',
      },
    ]);
  });

  test('of instants is read to the second', () => {
    const yaml = freezeOf('2026-12-24T22:00Z', '2026-12-24T23:30:15Z');
    expect(parseConfig(yaml, 'config.yaml').freeze).toEqual([
      {
        kind: 'instants',
        fromUtc: at('2026-12-24 22:00'),
        toUtc: at('2026-12-24 23:30:15'),
        reason: 'year-end closing',
      },
    ]);
  });

  test('is none where none is written', () => {
    expect(parseConfig(SAMPLE, 'config.yaml').freeze).toEqual([]);
  });

  const FORM = 'is no date; write a local date such as 2026-12-24, or an instant such as 2026-12-24T22:00:00Z';
  test.each([
    { from: '24.12.2026', to: '2026-12-31', says: `freeze.0.from: "24.12.2026" ${FORM}` },
    { from: '2026-02-30', to: '2026-12-31', says: `freeze.0.from: "2026-02-30" ${FORM}` },
    { from: '2026-12-24', to: '2026-13-01', says: `freeze.0.to: "2026-13-01" ${FORM}` },
    { from: '2026-12-24T22:00', to: '2026-12-31', says: `freeze.0.from: "2026-12-24T22:00" ${FORM}` },
    { from: '2026-12-24T25:00Z', to: '2026-12-31', says: `freeze.0.from: "2026-12-24T25:00Z" ${FORM}` },
    { from: '2026-12-24', to: '2026-12-23', says: 'freeze.0.to: must not be before from; swap the two' },
    {
      from: '2026-12-24T22:00:00Z',
      to: '2026-12-24T22:00:00Z',
      says: 'freeze.0.to: must not be before from; swap the two',
    },
    {
      from: '2026-12-24',
      to: '2026-12-24T22:00:00Z',
      says: 'freeze.0: from and to must both be local dates, or both instants',
    },
    { from: '2026-12-24', to: undefined, says: 'freeze.0.to: missing; set it to text' },
    { from: '2026-12-24', to: '2026-12-24', reason: '', says: 'freeze.0.reason: must not be empty; fill it in' },
  ])('from $from to $to is refused', ({ from, to, reason, says }) => {
    expect(refusalOf(freezeOf(from, to, reason)).message).toContain(says);
  });
});

describe('what is kept is read', () => {
  test.each([
    { says: 'a window alone', keys: {}, keep: { withinMs: 7 * DAY } },
    { says: 'a number in the place of the default', keys: { keep: { last: 5 } }, keep: { last: 5 } },
    {
      says: 'every rule',
      keys: { keep: { within: '7d', last: 5, daily: 7, weekly: 4, monthly: 12, yearly: 3 } },
      keep: { withinMs: 7 * DAY, last: 5, daily: 7, weekly: 4, monthly: 12, yearly: 3 },
    },
  ])('$says', ({ keys, keep }) => {
    expect(policyOf({ every: 'day', ...keys })).toMatchObject({ retention: { keep, minimumFulls: 1, anchor: true } });
  });

  test('with all that stands beside it', () => {
    const keys = { minimum_fulls: 2, on_delete: { keep: '1d', last_chain: '90d' }, anchor: false };
    expect(policyOf({ every: 'day', ...keys })).toMatchObject({
      retention: { minimumFulls: 2, onDelete: { keepMs: DAY, lastChainMs: 90 * DAY }, anchor: false },
    });
  });

  test.each([
    { keys: { keep: {} }, says: 'policies.0.keep: keeps nothing; give at least one of within, last, daily' },
    { keys: { keep: { daily: 0 } }, says: 'policies.0.keep: daily: 0 is not a whole number from 1 to 10000' },
    { keys: { keep: { within: '1000000000d' } }, says: 'policies.0.keep' },
    { keys: { keep: { hourly: 3 } }, says: 'unknown hourly' },
    { keys: { minimum_fulls: 0 }, says: 'minimum_fulls: 0 is not a whole number from 1 to 1000' },
    { keys: { on_delete: { keep: '40d' } }, says: 'on_delete: keep, 40d, is longer than last_chain, 30d' },
  ])('$keys is refused', ({ keys, says }) => {
    expect(() => policyOf({ every: 'day', ...keys })).toThrow(says);
  });
});

describe('what users may change', () => {
  const DEFAULT = { window: true, zone: true, every: null, keep: null, optOut: false, pause: null };
  test.each([
    { tenant_may: {}, read: DEFAULT },
    {
      tenant_may: { every: '>=6h', keep: '>= 3d', opt_out: true, pause: '7d' },
      read: { ...DEFAULT, every: 6 * HOUR, keep: 3 * DAY, optOut: true, pause: 7 * DAY },
    },
    { tenant_may: { window: false, zone: false, every: false }, read: { ...DEFAULT, window: false, zone: false } },
  ])('$tenant_may', ({ tenant_may, read }) => {
    expect(policyOf({ every: 'day', tenant_may })?.tenantMay).toEqual(read);
  });

  test.each([
    { may: { every: '6h' }, says: 'every: "6h" is no bound; write it as ">=6h", or false' },
    { may: { keep: '>=3w' }, says: 'keep: ">=3w" is no bound; write it as ">=3d", or false' },
    { may: { pause: '>=7d' }, says: 'pause: ">=7d" is no bound; write it as 7d, or false' },
    { may: { every: '>=0s' }, says: 'every: ">=0s" is no bound; write it as ">=6h", or false' },
    {
      may: { every: '>=30m' },
      says: 'every: is less than limits.minimum_interval, 1h; write ">=1h" or more',
    },
  ])('$may is refused', ({ may, says }) => {
    expect(whyNot({ every: 'day', tenant_may: may })).toBe(`policies.0.tenant_may.${says}`);
  });

  test('a policy that says nothing of it is as it was before there was any', () => {
    expect(policyOf({ every: 'day' })).not.toHaveProperty('tenantMay');
  });
});
