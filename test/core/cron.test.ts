import { describe, expect, test } from 'vitest';
import { cronRule } from '../../lib/core/cron.ts';
import { InvalidInput, intervalMs, shortestGapMs } from '../../lib/core/index.ts';
import { at, cron, DAY, HOUR, iso, MINUTE, SECOND } from './builders.ts';

const NEVER = Number.NaN;
const following = (pattern: string, after: string): string => iso(cronRule(pattern).next(at(after)) ?? NEVER);

describe('the next time of a pattern, in local time', () => {
  test.each([
    { pattern: '* * * * *', after: '2026-11-22 22:00:30', next: '2026-11-22 22:01' },
    { pattern: '*/15 * * * * *', after: '2026-11-22 22:00:15', next: '2026-11-22 22:00:30' },
    { pattern: '30 2 * * *', after: '2026-11-22 02:29:59.999', next: '2026-11-22 02:30' },
    { pattern: '30 2 * * *', after: '2026-11-22 02:30', next: '2026-11-23 02:30' },
    { pattern: '5-59/20 8-18/5 * * *', after: '2026-11-22 13:46', next: '2026-11-22 18:05' },
    { pattern: '0 0 1 jan,jul *', after: '2026-11-22 00:00', next: '2027-01-01 00:00' },
    { pattern: '0 3 * * sun', after: '2026-11-22 03:00', next: '2026-11-29 03:00' },
    { pattern: '0 3 * * 7', after: '2026-11-22 03:00', next: '2026-11-29 03:00' },
    { pattern: '0 3 * * mon-fri', after: '2026-11-20 03:00', next: '2026-11-23 03:00' },
    { pattern: '0 3 13 * fri', after: '2026-11-20 03:00', next: '2026-11-27 03:00' },
    { pattern: '0 3 13 * +fri', after: '2026-11-20 03:00', next: '2027-08-13 03:00' },
    { pattern: '0 3 ? * mon', after: '2026-11-22 00:00', next: '2026-11-23 03:00' },
    { pattern: '0 3 L * *', after: '2026-02-01 00:00', next: '2026-02-28 03:00' },
    { pattern: '0 3 L * *', after: '2028-02-01 00:00', next: '2028-02-29 03:00' },
    { pattern: '0 3 LW * *', after: '2026-02-01 00:00', next: '2026-02-27 03:00' },
    { pattern: '0 3 15W * *', after: '2026-08-01 00:00', next: '2026-08-14 03:00' },
    { pattern: '0 3 1W * *', after: '2026-08-01 00:00', next: '2026-08-03 03:00' },
    { pattern: '0 3 31W * *', after: '2026-05-01 00:00', next: '2026-05-29 03:00' },
    { pattern: '0 3 * * mon#2', after: '2026-11-22 00:00', next: '2026-12-14 03:00' },
    { pattern: '0 3 * * fri#L', after: '2026-11-22 00:00', next: '2026-11-27 03:00' },
    { pattern: '0 0 29 2 *', after: '2026-11-22 00:00', next: '2028-02-29 00:00' },
    { pattern: '0 0 29 2 *', after: '2096-03-01 00:00', next: '2104-02-29 00:00' },
    { pattern: '@daily', after: '2026-11-22 00:00', next: '2026-11-23 00:00' },
    { pattern: '@weekly', after: '2026-11-22 00:00', next: '2026-11-29 00:00' },
    { pattern: '@monthly', after: '2026-11-22 00:00', next: '2026-12-01 00:00' },
  ])('$pattern after $after', ({ pattern, after, next }) => {
    expect(following(pattern, after)).toBe(iso(at(next)));
  });
});

describe('a pattern is refused with its form', () => {
  const FORM =
    'write five fields (minute, hour, day, month, weekday) such as "30 2 * * sun", or six with seconds first';
  test.each([
    '',
    '0 3 * *',
    '0 0 3 * * * 2027',
    '60 3 * * *',
    '0 24 * * *',
    '0 3 * * funday',
    '5/15 * * * *',
    '@reboot',
  ])('"%s"', (pattern) => {
    expect(() => cronRule(pattern)).toThrow(InvalidInput);
    expect(() => cronRule(pattern)).toThrow(`"${pattern}" is no cron pattern; ${FORM}`);
  });

  test.each(['0 0 30 2 *', '0 0 31 4,6,9,11 *', '0 0 29 2 +mon', '0 0 * 2 mon#5'])(
    '%s, since it comes too seldom',
    (pattern) => {
      expect(() => cronRule(pattern)).toThrow(`cron "${pattern}" never comes, or not once in ten years; name days`);
    },
  );
});

test('however many patterns are asked, each keeps its own times', () => {
  const patterns = Array.from({ length: 1_100 }, (_, index) => `${index % 60} ${Math.floor(index / 60)} * * *`);
  const midnight = at('2026-11-22 00:00');
  for (const turn of [patterns, patterns.toReversed()]) {
    for (const pattern of turn) {
      const [minute = 0, hour = 0] = pattern.split(' ').map(Number);
      expect(cronRule(pattern).next(midnight - 1)).toBe(midnight + hour * HOUR + minute * MINUTE);
    }
  }
});

test.each([
  { pattern: '* * * * * *', shortest: SECOND, longest: SECOND },
  { pattern: '*/7 * * * *', shortest: 4 * MINUTE, longest: 7 * MINUTE },
  { pattern: '0 2,5,20 * * *', shortest: 3 * HOUR, longest: 15 * HOUR },
  { pattern: '30 2 * * *', shortest: DAY, longest: DAY },
  { pattern: '0 3 * * mon,tue', shortest: DAY, longest: 6 * DAY },
  { pattern: '0 3,15 * * sun', shortest: 12 * HOUR, longest: 6.5 * DAY },
  { pattern: '0 0 1 * *', shortest: 28 * DAY, longest: 31 * DAY },
  { pattern: '0 0 29 2 *', shortest: 1461 * DAY, longest: 1461 * DAY },
])('the times of $pattern lie $shortest to $longest ms apart', ({ pattern, shortest, longest }) => {
  expect(shortestGapMs(cron(pattern))).toBe(shortest);
  expect(intervalMs(cron(pattern))).toBe(longest);
});
