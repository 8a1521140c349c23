import { beforeEach, describe, expect, test } from 'vitest';
import { createSessions, IDLE_MS, LENT_MS, LONGEST_MS, type Sessions } from '../../../daemon/http/session/sessions.ts';
import { handClock } from './world.ts';

let clock: ReturnType<typeof handClock>;
let sessions: Sessions;
let revoked: [token: string, afterMs: number][];
beforeEach(() => {
  clock = handClock();
  revoked = [];
  sessions = createSessions({ clock, revocations: { add: (...it) => void revoked.push(it) } });
});

const grant = (over = {}) => ({
  userId: 'anna',
  base: 'base',
  token: 'token',
  isBrought: false,
  expiresUtc: clock.nowUtc() + 10 * LONGEST_MS,
  ...over,
});

test('an id is 256 bits of chance, and is not kept', () => {
  const one = sessions.begin(grant());
  const other = sessions.begin(grant());
  expect(one.id).toMatch(/^[\w-]{43}$/);
  expect(one.id).not.toBe(other.id);
  expect(one.session.csrf).not.toBe(other.session.csrf);
  expect(JSON.stringify(one.session)).not.toContain(one.id);
  expect(sessions.find(one.id)).toBe(one.session);
  expect(sessions.find(one.session.key)).toBeNull();
});

test('its end ends both tokens in Keystone, and tells who listens', () => {
  const { id, session } = sessions.begin(grant());
  sessions.end(session);
  sessions.end(session);
  expect(sessions.find(id)).toBeNull();
  expect(session.over.aborted).toBe(true);
  expect(revoked).toEqual([
    ['token', 0],
    ['base', 0],
  ]);
});

test('a token that was brought is its owner’s to end; what came of it is ours', () => {
  const brought = sessions.begin(grant({ base: 'mine', token: 'mine', isBrought: true })).session;
  const moved = sessions.move(brought, 'of-lab');
  expect(brought.over.aborted).toBe(true);
  expect(revoked).toEqual([]);
  if (moved) sessions.end(moved);
  expect(revoked).toEqual([['of-lab', 0]]);
});

test('in another project it is the same session, with a new token, and the old one ends', () => {
  const { id, session } = sessions.begin(grant());
  const moved = sessions.move(session, 'of-lab');
  expect(moved).toMatchObject({ token: 'of-lab', csrf: session.csrf, base: 'base' });
  expect(sessions.find(id)).toBe(moved);
  expect(moved?.over.aborted).toBe(false);
  expect(revoked).toEqual([['token', 0]]);
});

test('a move that comes too late leaves no token behind', () => {
  const { session } = sessions.begin(grant());
  sessions.end(session);
  revoked = [];
  expect(sessions.move(session, 'of-lab')).toBeNull();
  expect(revoked).toEqual([['of-lab', 0]]);
});

test('a token that Trove may still work with is ended later', () => {
  const { session } = sessions.begin(grant());
  sessions.lend(session);
  clock.pass(60_000);
  sessions.end(session);
  expect(revoked).toEqual([
    ['token', LENT_MS - 60_000],
    ['base', 0],
  ]);
});

describe('it is over', () => {
  test('an hour after it was used last, and not before', () => {
    const { id } = sessions.begin(grant());
    for (let n = 0; n < 3; n++) {
      clock.pass(IDLE_MS - 1);
      expect(sessions.find(id)).not.toBeNull();
    }
    clock.pass(IDLE_MS);
    expect(sessions.find(id)).toBeNull();
    expect(revoked).toHaveLength(2);
  });

  test('after twelve hours, however much it is used', () => {
    const { id } = sessions.begin(grant());
    for (let left = LONGEST_MS; left > 1_000_000; left -= 1_000_000) {
      clock.pass(1_000_000);
      expect(sessions.find(id)).not.toBeNull();
    }
    clock.pass(1_000_000);
    expect(sessions.find(id)).toBeNull();
  });

  test('with its token', () => {
    const { id, session } = sessions.begin(grant({ expiresUtc: clock.nowUtc() + 5_000 }));
    expect(session.expiresUtc).toBe(clock.nowUtc() + 5_000);
    clock.pass(5_000);
    expect(sessions.find(id)).toBeNull();
  });

  test('also where nobody asks for it any more', () => {
    const { session } = sessions.begin(grant());
    sessions.sweep();
    expect(session.over.aborted).toBe(false);
    clock.pass(IDLE_MS);
    sessions.sweep();
    expect(session.over.aborted).toBe(true);
    expect(revoked).toHaveLength(2);
  });
});

test('a user has twenty; one more ends the one he has not used for the longest', () => {
  const own = Array.from({ length: 20 }, () => sessions.begin(grant()));
  const other = sessions.begin(grant({ userId: 'binh' }));
  sessions.find(own[0]?.id ?? '');
  sessions.begin(grant());
  expect(own.map(({ session }) => session.over.aborted).indexOf(true)).toBe(1);
  expect(own.filter(({ session }) => session.over.aborted)).toHaveLength(1);
  expect(other.session.over.aborted).toBe(false);
});

test('all together are bounded, and the oldest gives way', () => {
  const first = sessions.begin(grant({ userId: 'u-0' }));
  for (let n = 1; n < 10_000; n++) sessions.begin(grant({ userId: `u-${n}` }));
  expect(first.session.over.aborted).toBe(false);
  sessions.begin(grant({ userId: 'u-last' }));
  expect(first.session.over.aborted).toBe(true);
});

test('when the service stops all end', () => {
  const made = [sessions.begin(grant()), sessions.begin(grant({ userId: 'binh' }))];
  sessions.endAll();
  expect(made.every(({ session }) => session.over.aborted)).toBe(true);
  expect(revoked).toHaveLength(4);
});
