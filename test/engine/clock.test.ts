import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../core/builders.ts';
import type { Line } from './service.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const YEARS = 3652 * DAY;

/** Some instances, each with two backups already, so that a wrong time has something to spoil. */
async function settled(options: WorldOptions = {}): Promise<{ world: World; ids: readonly string[] }> {
  const world = openWorld(options);
  const ids = ['orders', 'billing'].map((name) => world.instance(name));
  await world.service.start();
  for (const id of ids) await world.completed(id, 2);
  return { world, ids };
}

/** No answer tells a time, as where a proxy or another server stands before Trove. */
function tellNoTime({ region }: World): void {
  region.intercept(async (request, next) => {
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
