import { expect, test } from 'vitest';
import type { Subject } from '../../../daemon/http/auth/identity.ts';
import { createKnownTokens, TooManyQuestions } from '../../../daemon/http/auth/known-tokens.ts';
import { FakeClock } from '../../daemon/fake-clock.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;

/** A Keystone that knows every token but those that begin with `bad`; each lives for an hour, or as long as it says. */
function lab(lifeMs = HOUR) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const state: { fails: Error | null; held: Promise<void> | null; good: boolean } = {
    fails: null,
    held: null,
    good: true,
  };
  const expiresUtc = clock.nowUtc() + lifeMs;
  const known = createKnownTokens(
    {
      async look(token): Promise<Subject | null> {
        asked.push(token);
        await state.held;
        if (state.fails) throw state.fails;
        const scope = { kind: 'project', id: 'p1', name: 'p1', domain: null } as const;
        if (token.startsWith('bad') || !state.good) return null;
        return {
          token: {
            userId: 'u1',
            userName: 'u',
            scope,
            roles: ['member'],
            isDelegated: false,
            accessRules: null,
            expiresUtc,
          },
          home: null,
        };
      },
    },
    clock,
  );
  return { clock, asked, state, known };
}

test.each([
  { token: 'good', afterMs: 59 * SECOND, times: 1 },
  { token: 'good', afterMs: 60 * SECOND, times: 2 },
  { token: 'bad', afterMs: 9 * SECOND, times: 1 },
  { token: 'bad', afterMs: 10 * SECOND, times: 2 },
])(
  'of token $token Keystone was asked $times times when $afterMs ms have passed',
  async ({ token, afterMs, times }) => {
    const { clock, asked, known } = lab();
    await known.find(token);
    await clock.pass(afterMs);
    await known.find(token);
    expect(asked).toHaveLength(times);
  },
);

test('a token that ends within its minute is let in no longer than it lives, though nobody asks Keystone', async () => {
  const { clock, asked, known } = lab(20 * SECOND);
  expect(await known.find('good')).not.toBeNull();
  await clock.pass(19 * SECOND);
  expect(known.recall('good')).not.toBeNull();
  await clock.pass(SECOND);
  expect([known.recall('good'), await known.find('good')]).toEqual([null, null]);
  expect(asked).toHaveLength(1);
});

test('one that has ended by this clock is none, whatever Keystone says', async () => {
  expect(await lab(-SECOND).known.find('good')).toBeNull();
});

test('a token that was revoked is found out when its minute is over', async () => {
  const { clock, state, known } = lab();
  await known.find('good');
  state.good = false;
  expect(await known.find('good')).not.toBeNull();
  await clock.pass(60 * SECOND);
  expect(await known.find('good')).toBeNull();
});

test('all who come with one token at once ask once; another token is asked for by itself', async () => {
  const { asked, state, known } = lab();
  const gate = Promise.withResolvers<void>();
  state.held = gate.promise;
  const all = [known.find('good'), known.find('good'), known.find('other'), known.find('good')];
  gate.resolve();
  expect((await Promise.all(all)).every((subject) => subject?.token.userId === 'u1')).toBe(true);
  expect(asked).toEqual(['good', 'other']);
});

test('what Keystone could not say is not remembered, and a good one is not forgotten for it before its minute is over', async () => {
  const { clock, asked, state, known } = lab();
  await known.find('good');
  state.fails = new Error('away');
  await expect(known.find('new')).rejects.toThrow('away');
  await clock.pass(59 * SECOND);
  expect(await known.find('good')).not.toBeNull();
  await clock.pass(SECOND);
  await expect(known.find('good')).rejects.toThrow('away');
  state.fails = null;
  expect(await known.find('new')).not.toBeNull();
  expect(asked).toEqual(['good', 'new', 'good', 'new']);
});

test('only so many questions are under way at once, and guesses push out no good token', async () => {
  const { asked, state, known } = lab();
  await known.find('good');
  const gate = Promise.withResolvers<void>();
  state.held = gate.promise;
  const waiting = Array.from({ length: 64 }, (_, n) => known.find(`bad${n}`));
  await expect(known.find('bad-more')).rejects.toBeInstanceOf(TooManyQuestions);
  gate.resolve();
  await Promise.all(waiting);
  state.held = null;
  for (let n = 0; n < 11_000; n++) await known.find(`bad again ${n}`);
  expect([known.recall('good') === undefined, known.recall('bad0')]).toEqual([false, undefined]);
  expect(asked.filter((token) => token === 'good')).toHaveLength(1);
});
