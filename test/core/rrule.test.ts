import { describe, expect, test } from 'vitest';
import { InvalidInput, intervalMs, shortestGapMs } from '../../lib/core/index.ts';
import { recurrenceRule } from '../../lib/core/rrule.ts';
import { at, DAY, HOUR, iso, rrule } from './builders.ts';

const NEVER = Number.NaN;

describe('the next time of a rule, in local time', () => {
  test.each([
    { rule: 'FREQ=DAILY', after: '2026-11-22 00:00', next: '2026-11-23 00:00' },
    { rule: 'RRULE:freq=daily;byhour=3', after: '2026-11-22 00:00', next: '2026-11-22 03:00' },
    { rule: 'FREQ=DAILY;BYHOUR=20,3', after: '2026-11-22 00:00', next: '2026-11-22 03:00' },
    { rule: 'FREQ=WEEKLY', after: '2026-11-22 00:00', next: '2026-11-23 00:00' },
    { rule: 'FREQ=MONTHLY', after: '2026-11-22 00:00', next: '2026-12-01 00:00' },
    { rule: 'FREQ=YEARLY', after: '2026-11-22 00:00', next: '2027-01-01 00:00' },
    { rule: 'FREQ=YEARLY;BYMONTH=3', after: '2026-11-22 00:00', next: '2027-03-01 00:00' },
    { rule: 'FREQ=HOURLY;BYHOUR=1,2', after: '2026-11-22 00:00', next: '2026-11-22 01:00' },
    { rule: 'FREQ=HOURLY;BYDAY=MO', after: '2026-11-23 23:00', next: '2026-11-30 00:00' },
    { rule: 'FREQ=MONTHLY;BYDAY=2TU', after: '2026-11-22 00:00', next: '2026-12-08 00:00' },
    { rule: 'FREQ=MONTHLY;BYDAY=-1FR', after: '2026-11-22 00:00', next: '2026-11-27 00:00' },
    { rule: 'FREQ=MONTHLY;BYDAY=MO,2TU', after: '2026-12-07 00:00', next: '2026-12-08 00:00' },
    { rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', after: '2028-02-01 00:00', next: '2028-02-29 00:00' },
    {
      rule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      after: '2026-05-01 00:00',
      next: '2026-05-29 00:00',
    },
    { rule: 'FREQ=DAILY;BYHOUR=2,8,14;BYSETPOS=2', after: '2026-11-22 00:00', next: '2026-11-22 08:00' },
    { rule: 'FREQ=YEARLY;BYDAY=20MO', after: '2026-01-01 00:00', next: '2026-05-18 00:00' },
    { rule: 'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO', after: '2026-11-22 00:00', next: '2027-01-04 00:00' },
    { rule: 'FREQ=YEARLY;BYYEARDAY=-1', after: '2026-11-22 00:00', next: '2026-12-31 00:00' },
  ])('$rule after $after', ({ rule, after, next }) => {
    expect(iso(recurrenceRule(rule).next(at(after)) ?? NEVER)).toBe(iso(at(next)));
  });
});

describe('an interval is counted from Monday, 1 January 2001', () => {
  test.each([
    { rule: 'FREQ=DAILY;INTERVAL=3', times: ['2001-01-01 00:00', '2001-01-04 00:00', '2001-01-07 00:00'] },
    { rule: 'FREQ=WEEKLY;INTERVAL=2', times: ['2001-01-01 00:00', '2001-01-15 00:00'] },
    { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU', times: ['2001-01-07 00:00', '2001-01-21 00:00'] },
    { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU', times: ['2001-01-14 00:00', '2001-01-28 00:00'] },
    { rule: 'FREQ=MONTHLY;INTERVAL=5', times: ['2001-01-01 00:00', '2001-06-01 00:00', '2001-11-01 00:00'] },
    { rule: 'FREQ=YEARLY;INTERVAL=4', times: ['2001-01-01 00:00', '2005-01-01 00:00'] },
    { rule: 'FREQ=HOURLY;INTERVAL=5', times: ['2001-01-01 00:00', '2001-01-01 05:00', '2001-01-01 10:00'] },
  ])('$rule', ({ rule, times }) => {
    let after = at('2001-01-01 00:00') - 1;
    for (const time of times) {
      after = recurrenceRule(rule).next(after) ?? NEVER;
      expect(iso(after)).toBe(iso(at(time)));
    }
  });

  test('whenever it is asked, with a phase that no restart moves', () => {
    const rule = recurrenceRule('FREQ=DAILY;INTERVAL=3');
    for (const after of ['1999-12-31 12:00', '2026-11-20 08:00', '2026-11-22 23:59', '2099-06-01 00:00']) {
      const days = ((rule.next(at(after)) ?? NEVER) - at('2001-01-01 00:00')) / DAY;
      expect(Math.abs(days % 3)).toBe(0);
    }
  });
});

describe('a rule is refused with what to do', () => {
  test.each([
    { rule: '', says: '"" is no part of a rule; write NAME=VALUE;…' },
    { rule: 'DAILY', says: '"DAILY" is no part of a rule; write NAME=VALUE;…' },
    { rule: 'BYHOUR=3', says: 'FREQ is missing; it must be one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY' },
    { rule: 'FREQ=FORTNIGHTLY', says: 'FREQ is FORTNIGHTLY; it must be one of YEARLY,' },
    {
      rule: 'FREQ=MINUTELY',
      says: 'FREQ=MINUTELY comes too often for backups; use "every" with a duration such as 10m',
    },
    { rule: 'FREQ=SECONDLY', says: 'FREQ=SECONDLY comes too often' },
    { rule: 'FREQ=DAILY;COUNT=10', says: 'a schedule has no end; remove COUNT' },
    { rule: 'FREQ=DAILY;UNTIL=20271231T000000Z', says: 'a schedule has no end; remove UNTIL' },
    { rule: 'DTSTART:20260101T030000\nRRULE:FREQ=DAILY', says: 'remove DTSTART and name the time with BYHOUR' },
    {
      rule: 'DTSTART;TZID=Europe/Berlin:20260101T030000',
      says: 'every rule is counted from 2001-01-01 00:00 in the zone',
    },
    { rule: 'FREQ=DAILY;BYEASTER=0', says: 'BYEASTER is no part of a rule; known are FREQ, INTERVAL,' },
    { rule: 'FREQ=DAILY;BYHOUR=1;BYHOUR=2', says: 'BYHOUR stands there twice; join its values with commas' },
    { rule: 'FREQ=DAILY;INTERVAL=0', says: 'INTERVAL=0 is no interval; write a whole number from 1 on' },
    { rule: 'FREQ=DAILY;BYHOUR=24', says: 'BYHOUR=24 is out of range; write 0 to 23' },
    { rule: 'FREQ=DAILY;BYHOUR=-1', says: 'BYHOUR=-1 is out of range; write 0 to 23' },
    { rule: 'FREQ=DAILY;BYHOUR=3,', says: 'BYHOUR= is out of range; write 0 to 23' },
    { rule: 'FREQ=MONTHLY;BYMONTHDAY=0', says: 'write 1 to 31, or the same with a minus to count from the end' },
    { rule: 'FREQ=WEEKLY;BYDAY=MON', says: 'BYDAY=MON is no weekday; write MO, or 2MO for the second' },
    {
      rule: 'FREQ=WEEKLY;BYDAY=2MO',
      says: 'BYDAY=2MO counts weekdays, which goes with FREQ=MONTHLY or YEARLY; write MO',
    },
    {
      rule: 'FREQ=MONTHLY;BYDAY=6MO',
      says: 'BYDAY=6MO is out of range; a month has at most 5 of a weekday, a year 53',
    },
    { rule: 'FREQ=WEEKLY;WKST=XX', says: 'WKST=XX is no weekday; write one of MO, TU, WE, TH, FR, SA, SU' },
    { rule: 'FREQ=WEEKLY;BYMONTHDAY=1', says: 'BYMONTHDAY does not go with FREQ=WEEKLY, only with YEARLY,' },
    { rule: 'FREQ=MONTHLY;BYYEARDAY=1', says: 'BYYEARDAY does not go with FREQ=MONTHLY' },
    { rule: 'FREQ=MONTHLY;BYWEEKNO=1', says: 'BYWEEKNO does not go with FREQ=MONTHLY, only with YEARLY' },
    { rule: 'FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', says: 'BYWEEKNO does not go with counted weekdays' },
    { rule: 'FREQ=DAILY;BYSETPOS=1', says: 'BYSETPOS picks among what another BY… part names; add one' },
    {
      rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      says: 'never comes, or not once in ten years; change its BY… parts',
    },
    { rule: 'FREQ=HOURLY;INTERVAL=24;BYHOUR=5', says: 'never comes, or not once in ten years' },
    { rule: 'FREQ=DAILY;BYHOUR=3;BYSETPOS=2', says: 'never comes, or not once in ten years' },
    {
      // 2004, 2008, 2012, and then 2032.
      rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU,FR,WE',
      says: 'never comes, or not once in ten years',
    },
    { rule: 'FREQ=YEARLY;INTERVAL=11', says: 'never comes, or not once in ten years' },
  ])('$rule', ({ rule, says }) => {
    expect(() => recurrenceRule(rule)).toThrow(InvalidInput);
    expect(() => recurrenceRule(rule)).toThrow(says);
  });
});

test.each([
  { rule: 'FREQ=HOURLY;INTERVAL=6', shortest: 6 * HOUR, longest: 6 * HOUR },
  { rule: 'FREQ=DAILY;BYHOUR=2,5,20', shortest: 3 * HOUR, longest: 15 * HOUR },
  { rule: 'FREQ=WEEKLY;BYDAY=MO,TU', shortest: DAY, longest: 6 * DAY },
  { rule: 'FREQ=MONTHLY', shortest: 28 * DAY, longest: 31 * DAY },
  { rule: 'FREQ=MONTHLY;BYMONTHDAY=31', shortest: 31 * DAY, longest: 61 * DAY },
])('the times of $rule lie $shortest to $longest ms apart', ({ rule, shortest, longest }) => {
  expect(shortestGapMs(rrule(rule))).toBe(shortest);
  expect(intervalMs(rrule(rule))).toBe(longest);
});
