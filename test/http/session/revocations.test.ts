import { expect, test } from 'vitest';
import { createRevocations } from '../../../daemon/http/session/revocations.ts';
import { silent } from '../api/lab.ts';
import { handClock, TinyKeystone } from './world.ts';

const clock = handClock();

test('tokens are ended when they are due, and once', async () => {
  const signOn = new TinyKeystone(clock);
  const { add, run } = createRevocations({ signOn, clock, log: silent });
  add('now', 0);
  add('later', 60_000);
  await run();
  await run();
  expect(signOn.revoked).toEqual(['now']);
  clock.pass(60_000);
  await run();
  expect(signOn.revoked).toEqual(['now', 'later']);
});

test('what Keystone does not take is told without the token, tried again, and given up at last', async () => {
  const told: unknown[] = [];
  const signOn = new TinyKeystone(clock);
  const log = { ...silent, warn: (event: string, facts?: object) => void told.push([event, facts]) };
  const { add, run } = createRevocations({ signOn, clock, log });
  signOn.away = true;
  add('t-secret', 0);
  for (let n = 0; n < 8; n++) {
    await run();
    clock.pass(60_000);
  }
  expect(told).toHaveLength(5);
  expect(told[0]).toMatchObject(['session.not_revoked', { hint: 'it is tried again' }]);
  expect(told[4]).toMatchObject(['session.not_revoked', { hint: expect.stringContaining('runs out') }]);
  expect(JSON.stringify(told)).not.toContain('t-secret');
  signOn.away = false;
  add('next', 0);
  await run();
  expect(signOn.revoked).toEqual(['next']);
});

test('many are ended few at a time', async () => {
  let running = 0;
  let most = 0;
  const done: string[] = [];
  const revoke = async (token: string): Promise<void> => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    done.push(token);
  };
  const { add, run } = createRevocations({ signOn: { revoke }, clock, log: silent });
  for (let n = 0; n < 20; n++) add(`t${n}`, 0);
  await run();
  expect([most, done.length]).toEqual([4, 20]);
});
