import { expect, test } from 'vitest';
import { witnessed } from '../../daemon/cloud/witness.ts';
import { FakeClock } from '../daemon/fake-clock.ts';

const DATE = Date.UTC(2026, 10, 22, 10, 0, 7);

test.each([
  { says: 'the time of the server', headers: { date: 'Sun, 22 Nov 2026 10:00:07 GMT' }, dateUtc: DATE },
  { says: 'no time', headers: {}, dateUtc: null },
  { says: 'what is no time', headers: { date: 'yesterday' }, dateUtc: null },
])('an answer that tells $says is passed on, with when it was asked for', async ({ headers, dateUtc }) => {
  const clock = new FakeClock();
  const heard: unknown[] = [];
  const slow: typeof fetch = async () => {
    await clock.pass(2_000);
    return new Response('the body', { headers: headers as Record<string, string> });
  };
  await clock.pass(500);
  const seen = witnessed(
    () => slow,
    clock,
    (...said) => void heard.push(said),
  );
  expect(await (await seen('https://trove.example/')).text()).toBe('the body');
  expect(heard).toEqual([[500, dateUtc]]);
});

test('a request that got no answer says nothing of the time', async () => {
  const heard: unknown[] = [];
  const cut: typeof fetch = async () => {
    throw new TypeError('fetch failed');
  };
  const seen = witnessed(
    () => cut,
    new FakeClock(),
    (...said) => void heard.push(said),
  );
  await expect(seen('https://trove.example/')).rejects.toThrow('fetch failed');
  expect(heard).toEqual([]);
});
