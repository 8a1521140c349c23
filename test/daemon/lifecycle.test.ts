import { expect, test } from 'vitest';
import { systemClock } from '../../daemon/clock.ts';
import { createLifecycle } from '../../daemon/lifecycle.ts';
import type { Log } from '../../daemon/ports/log.ts';

function stage(limitMs: number) {
  const done: string[] = [];
  const said: (readonly [string, unknown])[] = [];
  const error: Log['error'] = (event, facts) => void said.push([event, facts?.['part']]);
  const life = createLifecycle(systemClock, { info: error, warn: error, error }, limitMs);
  return { life, done, said };
}
const never = (): Promise<void> => new Promise(() => undefined);

test('what was started last is stopped first, each after the one before has ended', async () => {
  const { life, done, said } = stage(5_000);
  life.onStop('store', () => void done.push('store'));
  life.onStop('listener', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push('listener');
  });
  life.onStop('loops', () => void done.push('loops'));
  await life.stop();
  expect([done, said]).toEqual([['loops', 'listener', 'store'], []]);
});

test('a part that hangs is named and left behind; those below it are stopped all the same, within the one limit', async () => {
  const { life, done, said } = stage(100);
  life.onStop('store', () => void done.push('store'));
  life.onStop('listener', never);
  life.onStop('loops', never);
  const beganMs = performance.now();
  await life.stop();
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  expect([done, said]).toEqual([
    ['store'],
    [
      ['stop.hung', 'loops'],
      ['stop.hung', 'listener'],
    ],
  ]);
});

test('a stop that fails is told, and does not keep the others from theirs', async () => {
  const { life, done, said } = stage(5_000);
  life.onStop('store', () => void done.push('store'));
  life.onStop('listener', () => {
    throw new Error('it was closed already');
  });
  life.onStop('loops', () => Promise.reject(new Error('the disk is full')));
  await life.stop();
  expect([done, said]).toEqual([
    ['store'],
    [
      ['stop.failed', 'loops'],
      ['stop.failed', 'listener'],
    ],
  ]);
});

test('asked twice, it stops once', async () => {
  const { life, done } = stage(5_000);
  life.onStop('store', () => void done.push('store'));
  await Promise.all([life.stop(), life.stop()]);
  expect(done).toEqual(['store']);
});
