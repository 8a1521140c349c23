import { expect, test } from 'vitest';
import type { DemandRequest } from '../../daemon/ports/demand.ts';
import { because, DEMAND_WAITS_MS } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import { byCadence, excluded, FULL, NOW, openWorld, scheduled, WIDE, type World } from './world.ts';

const REQUEST: DemandRequest = {
  projectId: 'project-a',
  instanceId: 'db-1',
  key: 'key-1',
  requestedBy: 'anna',
  note: 'before the migration',
  kind: 'full',
  keepMs: null,
};
const ready = ({ schedule }: World, nowUtc: number) =>
  schedule.readyRuns({ nowUtc, caps: WIDE, trying: [], closed: new Set() });
const claim = ({ schedule }: World, nowUtc: number) =>
  schedule.claimDue({
    nowUtc,
    limit: 10,
    caps: WIDE,
    advance: (id, by, cursor) => byCadence(id, by, cursor, nowUtc),
    makeUp: () => null,
  });

async function worldWithOne(): Promise<World> {
  const world = openWorld();
  await world.inventory.saveSightings([scheduled({}, NOW + 30 * MINUTE)], NOW);
  return world;
}
async function accepted(world: World, over: Partial<DemandRequest> = {}, nowUtc = NOW): Promise<string> {
  const answer = await world.demands.request({ ...REQUEST, ...over }, nowUtc);
  if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
  return answer.runId;
}

test('a request is a run that waits, beside the slots of every schedule', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world);
  expect(world.runs()).toMatchObject([{ run_id: runId, state: 'claimed', slot_utc: NOW + 500 }]);
  expect(await ready(world, NOW)).toMatchObject([{ runId, demanded: 'full' }]);
  expect(await world.demands.list('project-a', 10, null)).toMatchObject([
    { ...REQUEST, runId, requestedUtc: NOW, state: 'claimed', because: null, made: null, backupId: null },
  ]);
  expect(world.kept()).toEqual(world.counted());
});

test('the same request that comes again is the one that is known, ended or not', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world);
  expect(await world.demands.request(REQUEST, NOW + HOUR)).toEqual({ kind: 'known', runId });
  await world.ledger.end(runId, { state: 'skipped', because: because('observing', { kind: 'full' }) }, NOW);
  expect(await world.demands.request(REQUEST, NOW + HOUR)).toEqual({ kind: 'known', runId });
  expect(world.runs()).toHaveLength(1);
});

test.each<{ says: string; over: Partial<DemandRequest>; rule: string }>([
  { says: 'an instance that nobody knows', over: { instanceId: 'db-9' }, rule: 'instance-unknown' },
  { says: "another project's instance", over: { projectId: 'project-b' }, rule: 'instance-unknown' },
  { says: 'one that is excluded', over: { instanceId: 'db-2' }, rule: 'no-policy' },
  { says: 'one that no policy selects', over: { instanceId: 'db-3' }, rule: 'no-policy' },
])('$says is refused, and nothing is written', async ({ over, rule }) => {
  const world = await worldWithOne();
  await world.inventory.saveSightings([excluded({ id: 'db-2' })], NOW);
  await world.inventory.saveSightings(
    [
      {
        ...excluded({ id: 'db-3' }),
        enrolment: { kind: 'unselected', because: because('no-policy', {}), policies: new Set() },
      },
    ],
    NOW,
  );
  const answer = await world.demands.request({ ...REQUEST, ...over }, NOW);
  expect(answer).toMatchObject({ kind: 'refused', because: { rule } });
  expect(world.runs()).toEqual([]);
});

test('one of an instance at a time, and a key means one thing', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world);
  expect(await world.demands.request({ ...REQUEST, key: 'key-2' }, NOW)).toEqual({
    kind: 'refused',
    because: because('demand-waiting', { run: runId }),
  });
  expect(await world.demands.request({ ...REQUEST, keepMs: HOUR }, NOW)).toEqual({
    kind: 'refused',
    because: because('key-reused', { run: runId }),
  });
});

test('two requests of one second have a slot each', async () => {
  const world = await worldWithOne();
  const first = await accepted(world);
  await world.ledger.end(first, { state: 'skipped', because: because('instance-gone', {}) }, NOW);
  await accepted(world, { key: 'key-2' });
  expect(world.runs().map(({ slot_utc }) => slot_utc)).toEqual([NOW + 500, NOW + 1500]);
});

test('a slot that comes does not end it, and is claimed beside it', async () => {
  const world = await worldWithOne();
  await accepted(world);
  const waits = (): readonly string[] =>
    world
      .runs()
      .flatMap(({ state, slot_utc }) => (state === 'claimed' ? [slot_utc % 1000 === 0 ? 'slot' : 'request'] : []));
  await claim(world, NOW + HOUR);
  expect(waits()).toEqual(['request', 'slot']);
  await claim(world, NOW + 2 * HOUR);
  expect(waits()).toEqual(['request', 'slot']);
});

test('who cancels it in time ends it; later, or of another project, nobody does', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world);
  const why = because('demand-cancelled', { who: 'anna' });
  expect(await world.demands.cancel('project-b', runId, why, NOW)).toBe(false);
  expect(await world.demands.cancel('project-a', runId, why, NOW)).toBe(true);
  expect(await world.demands.cancel('project-a', runId, why, NOW)).toBe(false);
  expect(await world.ledger.recordIntent(runId, FULL, NOW, WIDE)).toBe('overtaken');
  const second = await accepted(world, { key: 'key-2' });
  await world.ledger.recordIntent(second, FULL, NOW, WIDE);
  expect(await world.demands.cancel('project-a', second, why, NOW)).toBe(false);
  expect(world.kept()).toEqual(world.counted());
});

test('a slot cannot be cancelled as a request', async () => {
  const world = await worldWithOne();
  await claim(world, NOW + HOUR);
  const runId = world.runs()[0]?.run_id ?? '';
  expect(await world.demands.cancel('project-a', runId, because('demand-cancelled', { who: 'eve' }), NOW)).toBe(false);
});

test('the end of its day is a time to look at it, whatever it was put off to', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world);
  await world.ledger.postpone(runId, NOW + 3 * DEMAND_WAITS_MS, because('no-answer-yet', {}), NOW);
  expect((await world.schedule.nextDue(NOW + HOUR)).nextUtc).toBe(NOW + DEMAND_WAITS_MS);
  await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
  expect((await world.schedule.nextDue(NOW + HOUR)).nextUtc).toBe(null);
});

test('after a day it ends with the reason that held it', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world);
  const held = because('frozen', { untilUtc: NOW + 48 * HOUR, reason: 'year-end closing' });
  await world.ledger.postpone(runId, NOW + MINUTE, held, NOW);
  const laterUtc = NOW + DEMAND_WAITS_MS;
  expect(await world.demands.expire(laterUtc - 1 - DEMAND_WAITS_MS, laterUtc - 1)).toEqual([]);
  expect(await world.demands.expire(laterUtc - DEMAND_WAITS_MS, laterUtc)).toEqual([
    {
      runId,
      instanceId: 'db-1',
      projectId: 'project-a',
      slotUtc: NOW + 500,
      because: because('demand-expired', { afterMs: DEMAND_WAITS_MS, held }),
    },
  ]);
  expect(world.runs()).toMatchObject([{ state: 'expired', ended_utc: laterUtc }]);
});

test('one that a wrong clock put off is tried when the time is right again, and is not taken back', async () => {
  const world = await worldWithOne();
  await accepted(world, {}, NOW + 10 * HOUR);
  await world.healing.healStore(NOW, 0);
  await world.healing.healSchedules(null, NOW);
  expect(await ready(world, NOW)).toHaveLength(1);
});

test('its keep is told to whoever decides what goes', async () => {
  const world = await worldWithOne();
  const runId = await accepted(world, { keepMs: HOUR });
  expect((await world.retention.tended('db-1', NOW))?.demandedKeeps).toEqual({ [runId]: HOUR });
});

test('an instance that is excluded meanwhile ends what waits', async () => {
  const world = await worldWithOne();
  await accepted(world);
  await world.inventory.saveSightings([excluded({})], NOW);
  expect(world.runs()).toMatchObject([{ state: 'skipped' }]);
});
