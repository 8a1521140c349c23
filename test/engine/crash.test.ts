import { expect, test } from 'vitest';
import { every, HOUR, MINUTE } from '../core/builders.ts';
import type { CrashPoint } from './service.ts';
import { dropAnswer } from './wire.ts';
import { HOURLY, openWorld } from './world.ts';

const RARE = { ...HOURLY, cadence: every(12 * HOUR) };

/** Where it is killed, and what its life after that makes of the slot. */
const KILLS: readonly {
  readonly at: CrashPoint;
  readonly end: string;
  readonly posts: number;
  readonly backups: number;
}[] = [
  { at: 'claimDue', end: 'completed', posts: 1, backups: 1 },
  // Nobody can know that the request never left: it is looked for, and given up.
  { at: 'recordIntent', end: 'failed outcome-unknown', posts: 0, backups: 0 },
  { at: 'before the answer came', end: 'completed', posts: 1, backups: 1 },
  { at: 'recordBackup', end: 'completed', posts: 1, backups: 1 },
  { at: 'end', end: 'completed', posts: 1, backups: 1 },
];

test.each(KILLS)(
  'killed at "$at", a slot ends as $end, with one row and $backups backup',
  async (row) => {
    const world = openWorld({ policies: [RARE] });
    const { service } = world;
    const id = world.instance('orders');
    await service.start();
    service.crashAt(row.at);
    await world.until(() => !service.isUp(), HOUR);
    await world.advance(2 * MINUTE);
    await service.start();
    const over = () => [...service.events('run.completed', id), ...service.events('run.failed', id)].length > 0;
    await world.until(() => over() && service.runs(id)[0]?.ended_utc !== null, 25 * HOUR);

    const first = service.runs(id)[0];
    const why = first?.state === 'completed' ? '' : ` ${first?.because?.rule}`;
    expect(`${first?.state}${why}`).toBe(row.end);
    expect(service.runs(id).filter(({ slot_utc }) => slot_utc === first?.slot_utc)).toHaveLength(1);
    const forSlot = service.wire.posts.filter((post) => post.slotUtc === first?.slot_utc);
    expect(forSlot).toHaveLength(row.posts);
    const made = world.backups(id).filter(({ id: backup }) => backup === first?.backup_id);
    expect(made).toHaveLength(row.backups);
  },
  60_000,
);

test('killed after it stored that the answer was lost, it finds the backup all the same', async () => {
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  service.wire.next(dropAnswer);
  await service.start();
  service.crashAt('recordUnknown');
  await world.until(() => !service.isUp(), HOUR);
  await service.start();
  await world.completed(id, 1);
  expect(service.runs(id)).toMatchObject([{ state: 'completed', backup_id: world.backups(id)[0]?.id }]);
});

test('killed again and again, wherever it just is, it makes one backup a slot', async () => {
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  const points: readonly CrashPoint[] = [
    'before the answer came',
    'claimDue',
    'recordBackup',
    'end',
    'before the answer came',
  ];
  await service.start();
  for (const point of points) {
    service.crashAt(point);
    await world.until(() => !service.isUp(), 2 * HOUR);
    await service.start();
  }
  await world.advance(HOUR);
  const ended = service.runs(id).filter(({ ended_utc }) => ended_utc !== null);
  expect(ended.map(({ state }) => state)).toEqual(ended.map(() => 'completed'));
  expect(world.backups(id).length).toBe(service.runs(id).length);
});

test('killed while it waits for the token of a request, it has sent nothing and knows it', async () => {
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  await service.start();
  let planned = false;
  service.wire.disturb(async (forward, url) => {
    planned ||= url.includes('/quotas/');
    if (planned && url.endsWith('/auth/tokens')) service.crash();
    return forward();
  });
  await world.until(() => !service.isUp(), HOUR);
  service.wire.clear();
  expect(service.runs(id)).toMatchObject([{ state: 'claimed' }]);
  await service.start();
  await world.completed(id, 1);
  expect(service.runs(id)).toMatchObject([{ state: 'completed' }]);
  expect(service.events('run.unknown')).toEqual([]);
});
