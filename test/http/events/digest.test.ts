import { expect, test } from 'vitest';
import { createDigest } from '../../../daemon/http/events/digest.ts';
import type { Change } from '../../../daemon/ports/events.ts';

const of = (kind: Change['kind'], instanceId: string | null): Change => ({ kind, projectId: 'p1', instanceId });
const whole = (kind: Change['kind']): Change => ({ kind, projectId: null, instanceId: null });

test('many changes of one thing are told once', () => {
  const digest = createDigest();
  expect(digest.isEmpty).toBe(true);
  for (let n = 0; n < 100; n++) digest.add(of('run', 'db-1'));
  digest.add(of('backup', 'db-1'));
  expect(digest.isEmpty).toBe(false);
  expect(digest.take()).toEqual([of('run', 'db-1'), of('backup', 'db-1')]);
  expect([digest.isEmpty, digest.take()]).toEqual([true, []]);
});

test('more than four things are told by their kinds alone, and what comes after them only where it is of another', () => {
  const digest = createDigest();
  for (let n = 0; n < 100_000; n++) digest.add(of(n % 2 === 0 ? 'run' : 'schedule', `db-${n}`));
  digest.add(of('backup', 'db-1'));
  expect(digest.take()).toEqual([whole('run'), whole('schedule'), of('backup', 'db-1')]);
  digest.add(of('run', 'db-1'));
  expect(digest.take()).toEqual([of('run', 'db-1')]);
});

test('everything is every kind', () => {
  const digest = createDigest();
  digest.add(of('run', 'db-1'));
  digest.addAll();
  expect(digest.take().map(({ kind, instanceId }) => [kind, instanceId])).toEqual([
    ['run', null],
    ['instance', null],
    ['schedule', null],
    ['backup', null],
    ['policy', null],
  ]);
});
