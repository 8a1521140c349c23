import { expect, test } from 'vitest';
import { addressKey, createRates } from '../../../daemon/http/api/rates.ts';
import { FakeClock } from '../../daemon/fake-clock.ts';

test('so many a minute, all at once if need be; they come back one by one', async () => {
  const clock = new FakeClock();
  const rates = createRates(() => 6, clock);
  expect(Array.from({ length: 7 }, () => rates.take('p1'))).toEqual([0, 0, 0, 0, 0, 0, 10_000]);
  expect(rates.take('p2')).toBe(0);
  await clock.pass(10_000);
  expect([rates.take('p1'), rates.take('p1')]).toEqual([0, 10_000]);
  await clock.pass(60_000);
  expect(Array.from({ length: 7 }, () => rates.take('p1')).filter((wait) => wait === 0)).toHaveLength(6);
});

test('what is given back may be taken again, and a limit that changes counts at once', () => {
  let limit = 2;
  const rates = createRates(() => limit, new FakeClock());
  expect([rates.take('a'), rates.take('a')]).toEqual([0, 0]);
  rates.giveBack('a');
  rates.giveBack('nobody');
  expect([rates.take('a'), rates.take('a') > 0]).toEqual([0, true]);
  limit = 60;
  expect([rates.take('b'), rates.take('a') > 0]).toEqual([0, true]);
});

test('a hundred thousand keys are no more memory than some; the newest are kept', () => {
  const rates = createRates(() => 1, new FakeClock());
  for (let n = 0; n < 100_000; n++) rates.take(`k${n}`);
  expect([rates.take('k99999') > 0, rates.take('k0')]).toEqual([true, 0]);
});

test.each([
  { ip: '192.0.2.7', key: '192.0.2.7' },
  { ip: '::ffff:192.0.2.7', key: '192.0.2.7' },
  { ip: '2001:db8::1', key: '2001:db8:0:0::/64' },
  { ip: '2001:db8:0:0:ffff:1:2:3', key: '2001:db8:0:0::/64' },
  { ip: '2001:DB8:0001::1', key: '2001:db8:1:0::/64' },
  { ip: '::1', key: '0:0:0:0::/64' },
  { ip: 'fe80::1%eth0', key: 'fe80:0:0:0::/64' },
])('$ip counts as $key', ({ ip, key }) => {
  expect(addressKey(ip)).toBe(key);
});
