import { expect, test } from 'vitest';
import { valuesSchema } from '../../../daemon/http/contract/schedule.ts';
import { viewValues } from '../../../daemon/http/views/values.ts';
import type { Cadence, Keep } from '../../../lib/core/index.ts';
import { cron, DAY, daily, every, HOUR, MINUTE, policy, weekly } from '../../core/builders.ts';

const NONE = { every: null, cron: null, rrule: null, zone: null, window: null, spread: null };
const WITHIN: Cadence = {
  kind: 'elapsed',
  everyMs: 90 * MINUTE,
  within: { zone: 'Asia/Ho_Chi_Minh', window: { startMinute: 22 * 60, endMinute: 5 } },
};
const RRULE: Cadence = { kind: 'rrule', rrule: 'FREQ=DAILY', zone: 'UTC', spreadMs: 0 };

test.each([
  { of: every(6 * HOUR), says: { every: 'PT6H' } },
  { of: WITHIN, says: { every: 'PT1H30M', zone: 'Asia/Ho_Chi_Minh', window: '22:00-00:05' } },
  { of: daily('Europe/Berlin'), says: { every: 'day', zone: 'Europe/Berlin', window: '22:00-06:00' } },
  { of: weekly(), says: { every: 'week', zone: 'UTC', window: '22:00-06:00' } },
  { of: cron('0 9 * * *', 'UTC', HOUR), says: { cron: '0 9 * * *', zone: 'UTC', spread: 'PT1H' } },
  { of: RRULE, says: { rrule: 'FREQ=DAILY', zone: 'UTC', spread: 'PT0S' } },
  { of: { kind: 'stretched', by: 2, of: { kind: 'elapsed', everyMs: HOUR } } as const, says: { every: 'PT1H' } },
])('the times of $says', ({ of, says }) => {
  const values = viewValues(policy({ cadence: of }));
  expect(valuesSchema.strict().parse(values)).toMatchObject({ ...NONE, ...says });
});

test('what is kept, or that all of it is', () => {
  const keep: Keep = { withinMs: 7 * DAY, last: 3, monthly: 12 };
  const onDelete = { keepMs: 7 * DAY, lastChainMs: 30 * DAY };
  const values = viewValues(policy({ fullOn: 'sun', retention: { keep, minimumFulls: 2, onDelete, anchor: true } }));
  expect(valuesSchema.strict().parse(values)).toMatchObject({
    keep: { within: 'P7D', last: 3, monthly: 12 },
    minimum_fulls: 2,
    on_delete: { keep: 'P7D', last_chain: 'P30D' },
    anchor: true,
    full_on: 'sun',
  });
  const { retention: _, ...without } = policy();
  expect(viewValues(without)).toMatchObject({ keep: null, on_delete: null, minimum_fulls: 1, anchor: false });
});
