import { describe, expect, test } from 'vitest';
import { type Buckets, type Budget, createBuckets, createBudget } from '../../daemon/cloud/budget.ts';
import { type Limits, OpenStackError } from '../../lib/openstack/index.ts';
import { FakeClock, settled } from '../daemon/fake-clock.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

const limits = (value: number, unit = 'MINUTE'): Limits => ({
  maxBackups: 50,
  rates: ['GET', 'POST'].map((verb) => ({ verb, uri: '*', value, unit, remaining: value, nextAvailableUtc: 0 })),
});

/** Of a service that has run for a minute. */
async function open(readLimits: () => Promise<Limits>, share = 0.25, buckets?: Buckets) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const budget = createBudget({
    share,
    clock,
    buckets,
    readLimits: (projectId) => {
      asked.push(projectId);
      return readLimits();
    },
  });
  await clock.pass(MINUTE);
  return { clock, asked, budget };
}

/** When each of so many requests at once goes out, in seconds. */
async function departures(clock: FakeClock, budget: Budget, count: number, verb = 'POST', project = 'p1') {
  const times: number[] = [];
  const startMs = clock.monotonicMs();
  const all = Array.from({ length: count }, () =>
    budget(project, verb, never).then(() => times.push((clock.monotonicMs() - startMs) / 1000)),
  );
  await clock.pass(60 * MINUTE);
  await Promise.all(all);
  return times;
}

describe('a burst goes out', () => {
  test.each([
    { limit: limits(8), share: 0.25, count: 5, seconds: [0, 0, 30, 60, 90] },
    { limit: limits(8), share: 0.5, count: 6, seconds: [0, 0, 0, 0, 15, 30] },
    { limit: limits(4), share: 0.25, count: 3, seconds: [0, 60, 120] },
    { limit: limits(1), share: 0.25, count: 3, seconds: [0, 240, 480] },
    { limit: limits(480, 'HOUR'), share: 0.25, count: 3, seconds: [0, 0, 30] },
  ])('of $count within a share of $share of $limit.rates.0.value a $limit.rates.0.unit', async (row) => {
    const { clock, budget } = await open(async () => row.limit, row.share);
    expect(await departures(clock, budget, row.count)).toEqual(row.seconds);
  });

  test('at the usual limit where Trove does not tell it, for a minute', async () => {
    let away = true;
    const { clock, asked, budget } = await open(async () => {
      if (away) throw new OpenStackError('away', { code: 'server', delivery: 'answered' });
      return limits(4);
    });
    const times = await departures(clock, budget, 51);
    expect([times.filter((second) => second === 0).length, times.at(-1)]).toEqual([50, 1.2]);
    away = false;
    expect(await departures(clock, budget, 2)).toEqual([0, 60]);
    expect(asked).toEqual(['p1', 'p1']);
  });
});

test('projects and verbs have buckets of their own', async () => {
  const { clock, budget } = await open(async () => limits(4));
  await budget('p1', 'POST', never);
  await budget('p2', 'POST', never);
  await budget('p1', 'DELETE', never);
  expect(clock.monotonicMs()).toBe(MINUTE);
});

test('a limit is asked for once an hour, by however many, and the question has its own place', async () => {
  const { clock, asked, budget } = await open(async () => limits(4));
  const first = Promise.all([budget('p1', 'POST', never), budget('p1', 'GET', never)]);
  await clock.pass(61_000);
  await first;
  expect(asked).toEqual(['p1']);
  await clock.pass(60 * MINUTE);
  await budget('p1', 'POST', never);
  expect(asked).toEqual(['p1', 'p1']);
});

describe('what was used before', () => {
  const at = async (clock: FakeClock, share: number, limit: number, buckets?: Buckets) => {
    const budget = createBudget({ share, clock, readLimits: async () => limits(limit), buckets });
    return departures(clock, budget, 4);
  };

  test('is taken for used by a new life, but for a tenth, and one place at least', async () => {
    expect(await at(new FakeClock(), 0.25, 200)).toEqual([0, 0, 0, 0]);
    expect(await at(new FakeClock(), 0.25, 80)).toEqual([0, 0, 3, 6]);
    expect(await at(new FakeClock(), 0.25, 8)).toEqual([0, 30, 60, 90]);
  });

  test('counts on after a reload, in requests, whatever the share is then', async () => {
    const clock = new FakeClock();
    const buckets = createBuckets(clock);
    await clock.pass(MINUTE);
    const limit = async () => limits(8);
    const earlier = createBudget({ share: 0.25, clock, readLimits: limit, buckets });
    await earlier('p1', 'POST', never);
    await earlier('p1', 'POST', never);
    expect(await at(clock, 0.25, 8, buckets)).toEqual([30, 60, 90, 120]);
    await clock.pass(60 * MINUTE);
    await earlier('p1', 'POST', never);
    await earlier('p1', 'POST', never);
    expect(await at(clock, 0.5, 8, buckets)).toEqual([0, 0, 15, 30]);
  });
});

test('a project that was left alone for an hour has all its places again', async () => {
  const { clock, budget } = await open(async () => limits(8));
  expect(await departures(clock, budget, 3)).toEqual([0, 0, 30]);
  await clock.pass(60 * MINUTE);
  expect(await departures(clock, budget, 3)).toEqual([0, 0, 30]);
});

test('who gives up does not wait, and what is wrong in us is not taken for a limit', async () => {
  const { budget } = await open(async () => limits(4));
  await budget('p1', 'POST', never);
  const stop = new AbortController();
  const waiting = budget('p1', 'POST', stop.signal);
  await settled();
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  const broken = await open(() => Promise.reject(new RangeError('ours')));
  await expect(broken.budget('p1', 'GET', never)).rejects.toThrow('ours');
});
