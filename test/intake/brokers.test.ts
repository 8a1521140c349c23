import { describe, expect, test } from 'vitest';
import { systemClock } from '../../daemon/clock.ts';
import { createBackOff } from '../../daemon/intake/backoff.ts';
import { plain, shuffled } from '../../daemon/intake/brokers.ts';
import type { Clock } from '../../daemon/ports/clock.ts';
import { useBroker } from './broker.ts';
import { bound } from './listener.ts';
import { idOf } from './messages.ts';

const URLS = ['a', 'b', 'c'].map((host) => `amqp://u:p@${host}.example/`);

/** Gives these one after the other, and then again. */
function rolls(...values: readonly number[]): () => number {
  let next = 0;
  return () => values[next++ % values.length] ?? 0;
}

describe('several brokers', () => {
  test('are tried in an order of chance, and none twice', () => {
    expect(shuffled(URLS, rolls(0.9, 0.1, 0.5)).map(({ name }) => name)).toEqual([
      'b.example',
      'c.example',
      'a.example',
    ]);
    const firsts = new Set(Array.from({ length: 200 }, () => shuffled(URLS, Math.random)[0]?.name));
    expect(firsts.size).toBe(3);
  });

  test('each get heartbeats, unless the url says otherwise', () => {
    const urls = ['amqp://a/', 'amqp://b/?heartbeat=30', 'amqp://c/?frameMax=8192'];
    expect(shuffled(urls, rolls(0.1, 0.2, 0.3)).map(({ url }) => new URL(url).search)).toEqual([
      '?heartbeat=10',
      '?heartbeat=30',
      '?frameMax=8192&heartbeat=10',
    ]);
  });

  test('hide their passwords in what is said of them', () => {
    const [broker] = shuffled(['amqp://u:s%2Fcret@a/'], Math.random);
    if (!broker) throw new Error('no broker');
    expect(plain(new Error('cannot s%2Fcret or s/cret'), broker)).toBe('cannot *** or ***');
    expect(plain(new RangeError(), broker)).toBe('RangeError');
    expect(plain('s/cret', broker)).toBe('***');
  });
});

test('the pause before the next attempt lies anywhere below a limit that doubles, up to 2.5 s', () => {
  const most = createBackOff(() => 1);
  expect(Array.from({ length: 7 }, () => most.nextMs())).toEqual([250, 500, 1_000, 2_000, 2_500, 2_500, 2_500]);
  most.reset();
  expect(most.nextMs()).toBe(250);
  const half = createBackOff(() => 0.5);
  expect([half.nextMs(), half.nextMs()]).toEqual([125, 250]);
  expect(createBackOff(() => 0).nextMs()).toBe(0);
  const never = createBackOff(() => 1);
  expect(Array.from({ length: 5_000 }, () => never.nextMs()).at(-1)).toBe(2_500);
});

const broker = useBroker();

const dead = (host: string): string => {
  const url = new URL(broker.rabbit.url);
  url.hostname = host;
  url.port = '1';
  return url.href;
};

test('where some brokers are away it finds the one that is there, and tells of each once', async () => {
  const listener = broker.start({ urls: [dead('127.0.0.1'), dead('127.0.0.2'), broker.rabbit.url, dead('127.0.0.3')] });
  await listener.when(bound);
  await broker.trove.tell(idOf(1));
  await listener.when(({ noted }) => noted.length === 1);
  const lost = listener.lines.filter(({ event }) => event === 'bus.lost').map((line) => line['broker']);
  expect(new Set(lost).size).toBe(lost.length);
});

test('a broker that stays away is told of once, not at each attempt', async () => {
  let pauses = 0;
  const clock: Clock = {
    ...systemClock,
    sleepUntil: (instant, signal) => {
      pauses++;
      return systemClock.sleepUntil(instant, signal);
    },
  };
  const listener = broker.start({ urls: [dead('127.0.0.1'), dead('127.0.0.2')], clock });
  await listener.when(() => pauses > 6);
  expect(listener.count('bus.lost')).toBe(2);
});

test('when it is lost the next one is taken, and the one that came back after that', async () => {
  const listener = broker.start({ urls: [broker.rabbit.url, dead('127.0.0.2')] });
  await listener.when(bound);
  await broker.rabbit.kill();
  await listener.when((it) => it.count('bus.lost') >= 2);
  await broker.rabbit.start();
  const startedMs = performance.now();
  await listener.when((it) => it.count('bus.consuming') === 2);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
