import { expect, test } from 'vitest';
import { DAY, every, HOUR, MINUTE, SECOND } from '../core/builders.ts';
import type { Line } from './service.ts';
import { HOURLY, openWorld, type World, type WorldOptions } from './world.ts';

const YEARS = 3652 * DAY;

/** Some instances, each with two backups already, so that a wrong time has something to spoil. */
async function settled(options: WorldOptions = {}): Promise<{ world: World; ids: readonly string[] }> {
  const world = openWorld(options);
  const ids = ['orders', 'billing'].map((name) => world.instance(name));
  await world.service.start();
  for (const id of ids) await world.until(() => world.service.events('run.completed', id).length >= 2, DAY);
  return { world, ids };
}

/** No answer tells a time, as where another server stands before Trove; until it is taken back. */
function tellNoTime({ region }: World): () => void {
  return region.intercept(async (request, next) => {
    const answer = await next(request);
    answer.headers.delete('date');
    return answer;
  });
}

const rules = (lines: readonly Line[]) =>
  lines.map(({ event, because }) => [event, (because as { readonly rule: string }).rule]);
const spoken = ({ service }: World) =>
  rules(service.lines.filter(({ event }) => /^clock\.(doubtful|trusted)$/.test(event)));

/** That nothing was asked for, counted or moved meanwhile. */
async function standsStill(world: World, ms: number): Promise<void> {
  const before = { runs: world.service.runs(), schedules: world.service.schedules() };
  await world.advance(ms);
  expect({ runs: world.service.runs(), schedules: world.service.schedules() }).toEqual(before);
}

/** Each instance goes on: a backup within its interval and one every interval after that, each slot one row, none in the future. */
async function goesOn(world: World, ids: readonly string[]): Promise<void> {
  const done = ids.map((id) => world.service.events('run.completed', id).length);
  await world.advance(4 * HOUR + 5 * MINUTE);
  for (const [index, id] of ids.entries()) {
    expect(world.service.events('run.completed', id).length - (done[index] ?? 0)).toBeGreaterThanOrEqual(4);
    const runs = world.service.runs(id);
    expect(runs.filter(({ slot_utc }) => slot_utc > world.clock.nowUtc())).toEqual([]);
    expect(runs.filter(({ state }) => state === 'completed').length).toBe(
      world.backups(id).filter(({ status }) => status === 'COMPLETED').length,
    );
  }
}

test.each([
  { skew: '10 minutes ahead', skewMs: 10 * MINUTE },
  { skew: 'a day ahead', skewMs: DAY },
  { skew: '10 years ahead', skewMs: YEARS },
  { skew: 'a day behind', skewMs: -DAY },
  { skew: '40 years behind', skewMs: -4 * YEARS },
])(
  'a start with a clock that is $skew: nothing goes by it, and all goes on when it is set right',
  async ({ skewMs }) => {
    const { world, ids } = await settled();
    await world.service.stop();
    world.service.setClock(skewMs);
    await world.service.start();
    await standsStill(world, 2 * HOUR);
    expect(spoken(world)).toEqual([['clock.doubtful', 'clock-apart']]);
    const [said] = world.service.events('clock.doubtful');
    expect(Math.abs(Number(said?.['seconds']) * SECOND - skewMs)).toBeLessThanOrEqual(SECOND);
    world.service.setClock(0);
    await world.advance(MINUTE);
    expect(spoken(world).at(-1)).toEqual(['clock.trusted', 'clock-apart']);
    await goesOn(world, ids);
  },
);

test('a new store under a clock that is years ahead enrols nobody until it is right, and then as new ones', async () => {
  const world = openWorld();
  const id = world.instance('orders');
  world.service.setClock(YEARS);
  await world.service.start();
  await world.advance(HOUR);
  expect(world.service.schedules()).toEqual([]);
  world.service.setClock(0);
  await world.advance(5 * MINUTE);
  expect(world.service.schedules()[0]?.first_slot_utc).toBeLessThanOrEqual(world.clock.nowUtc() + HOURLY.firstWithinMs);
  await goesOn(world, [id]);
});

test.each([
  { what: 'ahead', skewMs: DAY },
  { what: 'far ahead', skewMs: YEARS },
  { what: 'back', skewMs: -DAY },
])('a clock that is set $what while it runs, and right again', async ({ skewMs }) => {
  const { world, ids } = await settled();
  world.service.setClock(skewMs);
  await standsStill(world, 3 * HOUR);
  expect(spoken(world).map(([event]) => event)).not.toContain('clock.trusted');
  world.service.setClock(0);
  await world.advance(MINUTE);
  expect(spoken(world).at(-1)?.[0]).toBe('clock.trusted');
  await goesOn(world, ids);
  // What passed meanwhile has its rows, as after any downtime.
  for (const id of ids) expect(world.service.runs(id).some(({ state }) => state === 'missed')).toBe(true);
});

test('a machine that slept: its wall clock is right, answers agree, and it catches up as after any downtime', async () => {
  const { world, ids } = await settled();
  await world.service.sleep(DAY);
  await world.advance(2 * MINUTE);
  expect(spoken(world)).toEqual([
    ['clock.doubtful', 'clock-jumped'],
    ['clock.trusted', 'clock-jumped'],
  ]);
  for (const id of ids) {
    const states = world.service.runs(id).map(({ state }) => state);
    expect(states.filter((state) => state === 'missed').length).toBeGreaterThanOrEqual(22);
    expect(states.at(-1)).toMatch(/running|completed/);
  }
  await goesOn(world, ids);
});

test('where no answer tells a time it begins after a minute, and after a jump as well', async () => {
  const world = openWorld();
  tellNoTime(world);
  const id = world.instance('orders');
  await world.service.start();
  await world.advance(50 * SECOND);
  expect(world.service.schedules()).toEqual([]);
  await world.advance(20 * SECOND);
  expect(world.service.schedules()).toHaveLength(1);
  expect(spoken(world)).toEqual([]);
  await world.completed(id, 1);
  await world.service.sleep(DAY);
  await world.advance(2 * MINUTE);
  expect(spoken(world)).toEqual([
    ['clock.doubtful', 'clock-jumped'],
    ['clock.trusted', 'clock-jumped'],
  ]);
  await goesOn(world, [id]);
});

/** A wrong clock that nothing contradicts: what it does to a store. */
async function spoiled(skewMs: number, everyMs = HOUR): Promise<{ world: World; ids: readonly string[] }> {
  const { world, ids } = await settled({ policies: [{ ...HOURLY, cadence: every(everyMs) }] });
  const tell = tellNoTime(world);
  await world.service.stop();
  world.service.setClock(skewMs);
  await world.service.start();
  await world.advance(10 * MINUTE);
  expect(world.service.runs().some(({ slot_utc }) => slot_utc > world.clock.nowUtc())).toBe(true);
  tell();
  return { world, ids };
}

/** Every slot that has come has its one row, none is asked for twice, and none to come is taken but for what was asked for. */
function isWhole(world: World, ids: readonly string[], everyMs: number): void {
  for (const id of ids) {
    const slots = world.service.runs(id).map(({ slot_utc }) => slot_utc);
    // From the second on they are regular, up to the one whose interval it is.
    const regular = slots.slice(1).filter((slot) => slot <= world.clock.nowUtc());
    expect(regular).toEqual(regular.map((_, index) => (regular[0] ?? 0) + index * everyMs));
    expect(regular.at(-1)).toBeGreaterThan(world.clock.nowUtc() - everyMs);
    expect(new Set(world.service.wire.posts.map(({ runId }) => runId)).size).toBe(world.service.wire.posts.length);
  }
}

/** Slots of a year, in several claims of as many as one may write and many pages that are healed. */
const SKEWS = [
  { skew: '50 minutes', skewMs: 50 * MINUTE, everyMs: HOUR },
  { skew: '90 minutes', skewMs: 90 * MINUTE, everyMs: HOUR },
  { skew: 'a day', skewMs: DAY, everyMs: HOUR },
  { skew: 'a year', skewMs: 365 * DAY, everyMs: 6 * HOUR },
];

test.each(SKEWS)(
  'a store that a clock $skew ahead has written to is healed at the next start',
  async ({ skewMs, everyMs }) => {
    const { world, ids } = await spoiled(skewMs, everyMs);
    await world.service.stop();
    world.service.setClock(0);
    await world.service.start();
    await world.advance(2 * MINUTE);
    expect(spoken(world)).toEqual([]);
    await world.advance(everyMs + 5 * HOUR);
    isWhole(world, ids, everyMs);
    expect(world.service.events('clock.healed')).toHaveLength(1);
  },
);

test.each(SKEWS)(
  'a clock that is set back by $skew while it runs: what it spoiled is healed',
  async ({ skewMs, everyMs }) => {
    const { world, ids } = await spoiled(skewMs, everyMs);
    world.service.setClock(0);
    await world.advance(2 * MINUTE);
    expect(spoken(world).map(([event]) => event)).toEqual(['clock.doubtful', 'clock.trusted']);
    await world.advance(everyMs + 5 * HOUR);
    isWhole(world, ids, everyMs);
    expect(world.service.events('clock.healed')).toHaveLength(1);
  },
);

test('whoever has no backup in time is told so, though a clock that was ahead had taken its slots', async () => {
  const { world, ids } = await spoiled(30 * DAY);
  for (const id of ids) world.region.control.failBackupsOf.add(id);
  world.reload({ watch: true });
  await world.service.stop();
  world.service.setClock(0);
  await world.service.start();
  await world.advance(2 * HOUR);
  for (const id of ids) expect(world.service.events('instance.late', id)).toHaveLength(1);
});
