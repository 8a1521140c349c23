import { describe, expect, test } from 'vitest';
import { at, DAY, daily, every, HOUR, MINUTE, policy, weekly } from '../core/builders.ts';
import { openWorld, type World } from './world.ts';

/** START is ten in the morning, and the first backup comes within ten minutes: in the hour of the first day. */
const DAILY = policy({ name: 'daily', cadence: daily('UTC', 10, 11), firstWithinMs: 10 * MINUTE });
const OPENS = at('2026-11-23 10:00');
const CLOSES = at('2026-11-23 11:00');
/** A make-up is spread over so long, and its slot a whole second. */
const SPREAD = 10 * MINUTE + 1_000;

const ends = ({ service }: World, id: string) =>
  service.runs(id).map(({ state, because }) => `${state} ${because?.rule}`);
const cursor = ({ service }: World): number => service.schedules()[0]?.next_slot_utc ?? 0;
const newest = ({ service }: World): number => service.schedules()[0]?.newest_point_utc ?? 0;
const to = (world: World, instant: number) => world.advance(instant - world.clock.nowUtc());
/** Nothing happens until then: what the service does all the time need not be done for days. */
async function leapTo(world: World, instant: number): Promise<void> {
  await world.service.stop();
  await to(world, instant);
  await world.service.start();
}

/** A first backup, and the service up again right before the next day's window. */
async function oneDay(over: Parameters<typeof openWorld>[0] = {}) {
  const world = openWorld({ policies: [DAILY], ...over });
  const id = world.instance('orders');
  await world.service.start();
  await world.completed(id, 1);
  return { world, id, service: world.service };
}
const hold = ({ region }: World, id: string) => region.changeInstance(id, { task: 'RESIZING' });
const release = ({ region }: World, id: string) => region.changeInstance(id, { task: 'NONE' });

test('what could not start until its window ends expires then, with what held it, and nothing starts outside', async () => {
  const { world, id, service } = await oneDay();
  hold(world, id);
  await leapTo(world, OPENS);
  await to(world, CLOSES - MINUTE);
  expect(ends(world, id).at(-1)).toBe('claimed instance-busy');
  await to(world, CLOSES + 1_000);
  const expired = { rule: 'window-ended', params: { held: { rule: 'instance-busy', params: { status: 'RESIZE' } } } };
  expect(service.runs(id).at(-1)).toMatchObject({ state: 'expired', because: expired });
  expect(service.events('run.expired', id)).toMatchObject([{ level: 'warn', because: expired }]);
  release(world, id);
  await world.advance(HOUR);
  expect(ends(world, id)).toHaveLength(2);
  expect(cursor(world)).toBe((service.runs(id).at(-1)?.slot_utc ?? 0) + DAY);
});

test('after two windows without a start it is made up for outside, once no point is younger than two intervals', async () => {
  const { world, id, service } = await oneDay();
  hold(world, id);
  await leapTo(world, CLOSES - 10 * MINUTE);
  await leapTo(world, CLOSES + DAY - 10 * MINUTE);
  await to(world, CLOSES + DAY + 1_000);
  release(world, id);
  expect(ends(world, id).slice(1)).toEqual(['expired window-ended', 'expired window-ended']);
  const slotUtc = service.runs(id).at(-1)?.slot_utc ?? 0;
  const [line] = service.events('schedule.hastened', id);
  expect(line).toMatchObject({ because: { rule: 'makes-up-for', params: { slotUtc, by: { rule: 'window-ended' } } } });
  await world.completed(id, 2);
  const made = service.runs(id).at(-1)?.slot_utc ?? 0;
  expect(made).toBe(Date.parse(String(line?.['nextSlot'])));
  expect(made).toBeGreaterThanOrEqual(CLOSES + DAY);
  expect(made).toBeLessThanOrEqual(CLOSES + DAY + 4 * HOUR);
  expect(cursor(world)).toBe(slotUtc + DAY);
});

describe('back two hours after a window that passed while nobody was there', () => {
  const BACK = CLOSES + 2 * HOUR;
  const back = async (catchUp: 'window' | 'late' | 'now') => {
    const day = await oneDay({ policies: [{ ...DAILY, catchUp }] });
    const regular = cursor(day.world);
    await leapTo(day.world, BACK);
    await day.world.advance(30 * MINUTE);
    expect(ends(day.world, day.id).slice(0, 2)).toEqual(['completed backup-completed', 'missed missed']);
    return { ...day, regular: regular + DAY };
  };

  test('"window" waits for the next', async () => {
    const { world, service, regular } = await back('window');
    expect(cursor(world)).toBe(regular);
    expect(service.events('run.submitted')).toHaveLength(1);
  });

  test('"late" makes up for it in the moment when the instance is late', async () => {
    const { world, id, service, regular } = await back('late');
    const lateUtc = newest(world) + 1.5 * DAY;
    expect(cursor(world) - lateUtc).toBeGreaterThanOrEqual(0);
    expect(cursor(world) - lateUtc).toBeLessThanOrEqual(SPREAD);
    await leapTo(world, cursor(world) - MINUTE);
    await world.completed(id, 2);
    expect(service.runs(id)).toHaveLength(3);
    expect(cursor(world)).toBe(regular);
  });

  test('"now" makes up for it at once, with one run', async () => {
    const { world, id, service, regular } = await back('now');
    expect(ends(world, id)).toHaveLength(3);
    expect((service.runs(id).at(-1)?.slot_utc ?? 0) - BACK).toBeLessThanOrEqual(SPREAD);
    expect(service.events('run.completed', id)).toHaveLength(2);
    expect(cursor(world)).toBe(regular);
  });

  test('where it is open still the slot itself runs', async () => {
    const { world, id } = await oneDay();
    const slotUtc = cursor(world);
    await leapTo(world, CLOSES - 5 * MINUTE);
    await world.advance(3 * MINUTE);
    expect(ends(world, id)).toEqual(['completed backup-completed', 'completed backup-completed']);
    expect(world.service.runs(id).at(-1)?.slot_utc).toBe(slotUtc);
  });
});

test('a region that was away for days has one make-up run each, spread, the oldest recovery point first', async () => {
  const world = openWorld({
    policies: [DAILY],
    caps: { concurrent: 1, perProject: 1 },
    region: { backupMs: 12 * MINUTE },
  });
  const { service } = world;
  const ids = ['a', 'b', 'c', 'd'].map((name) => world.instance(name));
  await service.start();
  await world.until(() => service.events('run.completed').length === 4, 2 * HOUR);
  const points = new Map(service.schedules().map((row) => [row.instance_id, row.newest_point_utc ?? 0]));
  const backUtc = CLOSES + 3 * DAY;
  await leapTo(world, backUtc);
  await world.until(() => service.events('run.completed').length === 8, 2 * HOUR);
  const posts = service.wire.posts.slice(4);
  expect(new Set(posts.map(({ instanceId }) => instanceId))).toEqual(new Set(ids));
  expect(new Set(posts.map(({ slotUtc }) => slotUtc)).size).toBe(4);
  for (const { slotUtc } of posts) expect(slotUtc - backUtc).toBeLessThanOrEqual(SPREAD);
  // The first to fall due had the one place; the others waited, and went by how old their points were.
  const [, ...waited] = posts.map(({ instanceId }) => points.get(instanceId) ?? 0);
  expect(waited).toEqual(waited.toSorted((one, other) => one - other));
});

describe('a freeze over the slot of a week', () => {
  const freezeFrom = (fromUtc: number, toUtc: number) => ({
    freezes: [{ kind: 'instants', fromUtc, toUtc, reason: 'year-end closing' } as const],
  });

  test('costs a day and not a week: the first window after it makes up for it, full as the slot was to be', async () => {
    const cadence = weekly('UTC', 10, 11);
    const { world, id, service } = await oneDay({ policies: [{ ...DAILY, cadence, fullEveryMs: 3 * DAY }] });
    const slotUtc = cursor(world);
    const toUtc = slotUtc + 30 * HOUR;
    world.reload(freezeFrom(slotUtc - HOUR, toUtc));
    await leapTo(world, slotUtc);
    await world.advance(MINUTE);
    const by = { rule: 'frozen', params: { reason: 'year-end closing' } };
    expect(service.events('schedule.hastened', id)).toMatchObject([
      { because: { rule: 'makes-up-for', params: { slotUtc, by } } },
    ]);
    const madeUtc = cursor(world);
    expect(madeUtc).toBeGreaterThanOrEqual(toUtc);
    expect(madeUtc).toBeLessThan(toUtc + DAY);
    expect(new Date(madeUtc).getUTCHours()).toBe(10);
    await leapTo(world, madeUtc);
    await world.completed(id, 2);
    expect(ends(world, id)).toEqual(['completed backup-completed', 'skipped frozen', 'completed backup-completed']);
    expect(service.runs(id).at(-1)).toMatchObject({ kind: 'full', kind_because: { rule: 'chain-age' } });
    expect(cursor(world)).toBe(slotUtc + 7 * DAY);
  });

  test('around the clock is made up for right when it ends', async () => {
    const { world, id, service } = await oneDay({ policies: [{ ...DAILY, cadence: every(7 * DAY) }] });
    const slotUtc = cursor(world);
    world.reload(freezeFrom(slotUtc, slotUtc + DAY));
    await leapTo(world, slotUtc);
    await world.advance(MINUTE);
    await leapTo(world, slotUtc + DAY);
    await world.completed(id, 2);
    expect((service.runs(id).at(-1)?.slot_utc ?? 0) - slotUtc - DAY).toBeLessThanOrEqual(SPREAD);
  });
});

test('the day of the weekly full was missed: the next one is full', async () => {
  // 2026-11-22 is a Sunday.
  const policies = [{ ...DAILY, fullEveryMs: 30 * DAY, maxIncrementals: 30, fullOn: 'tue' as const }];
  const { world, id, service } = await oneDay({ policies });
  await leapTo(world, CLOSES - 12 * MINUTE);
  await world.completed(id, 2);
  for (const days of [2, 3]) {
    await leapTo(world, CLOSES + days * DAY - 12 * MINUTE);
    await world.completed(id, days + 1);
  }
  expect(service.runs(id).map(({ state, kind, kind_because }) => `${state} ${kind} ${kind_because?.rule}`)).toEqual([
    'completed full no-chain',
    'completed incremental continues-chain',
    'missed null undefined',
    'completed full full-weekday',
    'completed incremental continues-chain',
  ]);
});

test('a quota that is short is asked after again, four hours later where the window does not forbid it', async () => {
  const policies = [{ ...DAILY, catchUp: 'now' as const }];
  const { world, id, service } = await oneDay({ policies, region: { maxBackups: 4 } });
  const theirs = Array.from({ length: 3 }, () => world.region.createBackup({ instanceId: id, name: 'mine' }).id);
  const slotUtc = cursor(world);
  await leapTo(world, slotUtc);
  await world.advance(MINUTE);
  expect(ends(world, id).at(-1)).toBe('skipped quota');
  for (const backup of theirs) world.region.deleteBackup(backup);
  const again = cursor(world);
  expect(again - slotUtc).toBeGreaterThanOrEqual(4 * HOUR);
  expect(again - slotUtc).toBeLessThanOrEqual(4 * HOUR + SPREAD);
  await leapTo(world, again - MINUTE);
  await world.completed(id, 2);
  expect(cursor(world)).toBe(slotUtc + DAY);
  expect(service.events('run.skipped')).toHaveLength(1);
});

test('the cursor of a make-up is no fault of a clock: a healing leaves it', async () => {
  const { world, service } = await oneDay({ policies: [{ ...DAILY, catchUp: 'late' }] });
  await leapTo(world, CLOSES + HOUR);
  await world.advance(MINUTE);
  const makeUp = cursor(world);
  expect(service.events('schedule.hastened')).toHaveLength(1);
  service.setClock(6 * HOUR);
  await world.advance(5 * MINUTE);
  service.setClock(0);
  await world.advance(30 * MINUTE);
  expect(service.lines.filter(({ event }) => /^clock\.(doubtful|trusted)$/.test(event)).at(-1)?.event).toBe(
    'clock.trusted',
  );
  expect(cursor(world)).toBe(makeUp);
});
