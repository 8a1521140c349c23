import { expect, test } from 'vitest';
import { checkOverrides, type Overrides, optOutForbidden, pauseForbidden, TENANT_MAY } from '../../lib/core/index.ts';
import { DAY, HOUR } from './builders.ts';

test('what means something is taken, in one order', () => {
  const given: Overrides = { keep: { weekly: 4, withinMs: DAY }, zone: 'Asia/Tokyo', every: 'day' };
  expect(JSON.stringify(checkOverrides(given))).toBe(
    `{"every":"day","zone":"Asia/Tokyo","keep":{"withinMs":${DAY},"weekly":4}}`,
  );
  expect(checkOverrides({})).toEqual({});
});

test.each<[Overrides, string]>([
  [{ every: 0 }, 'every: 0 ms is no interval'],
  [{ every: 1_500 }, 'give day, week, or whole seconds up to 366d'],
  [{ every: 400 * DAY }, 'no interval'],
  [{ window: { startMinute: 60, endMinute: 60 } }, 'window: it has no length'],
  [{ zone: 'Mars/Olympus' }, '"Mars/Olympus" is no time zone'],
  [{ keep: {} }, 'keep: keeps nothing'],
  [{ keep: { last: 0 } }, 'keep: last: 0'],
])('%j is refused', (given, why) => {
  expect(() => checkOverrides(given)).toThrow(why);
});

test('who may not pause, or opt out, is told so; and how long a pause may be', () => {
  expect(optOutForbidden({ may: TENANT_MAY, policy: 'p' })?.params).toEqual({ what: 'enabled', policy: 'p' });
  expect(optOutForbidden({ may: { ...TENANT_MAY, optOut: true }, policy: 'p' })).toBeNull();
  expect(pauseForbidden(HOUR, { may: TENANT_MAY, policy: 'p' })?.rule).toBe('override-not-allowed');
  const may = { ...TENANT_MAY, pause: DAY };
  expect(pauseForbidden(DAY, { may, policy: 'p' })).toBeNull();
  expect(pauseForbidden(DAY + 1, { may, policy: 'p' })?.params).toEqual({ forMs: DAY + 1, mostMs: DAY, policy: 'p' });
});
