import { expect, test } from 'vitest';
import { DAY, every, HOUR, MINUTE } from '../core/builders.ts';
import { cut, cutBefore, dropAnswer, type Fate, failAfter } from './wire.ts';
import { HOURLY, openWorld, type World } from './world.ts';

/** Once in twelve hours: a lost answer has its day, and slots come meanwhile. */
const RARE = { ...HOURLY, cadence: every(12 * HOUR) };

const unknown = ({ service }: World, id: string): boolean => service.events('run.unknown', id).length > 0;

const LOST: readonly { readonly how: string; readonly fate: Fate; readonly detail: RegExp }[] = [
  { how: 'the connection is cut after Trove took it', fate: dropAnswer, detail: /ECONNRESET/ },
  { how: 'Trove answers 500 and leaves a NEW row all the same', fate: failAfter, detail: /500/ },
  {
    how: 'the 202 cannot be read',
    fate: async (forward) => {
      await forward();
      return new Response('<html>', { status: 202 });
    },
    detail: /202/,
  },
];

test.each(LOST)('an answer is lost, as $how: the backup is found and adopted, not made again', async (row) => {
  const world = openWorld();
  const id = world.instance('orders');
  world.service.wire.next(row.fate);
  await world.service.start();
  await world.until(() => unknown(world, id));
  expect(world.service.events('run.unknown', id)[0]).toMatchObject({
    because: { rule: 'answer-lost', params: { detail: expect.stringMatching(row.detail) } },
  });
  await world.completed(id, 1);
  const [backup] = world.backups(id);
  expect(world.service.runs(id)).toMatchObject([{ state: 'completed', backup_id: backup?.id }]);
  expect(world.service.events('run.adopted', id)).toHaveLength(1);
  expect(world.backups(id)).toHaveLength(1);
});

test("with Trove's bus away the request hangs and is carried out hours later: its run is still its own", async () => {
  const world = openWorld({ policies: [RARE] });
  const id = world.instance('orders');
  world.service.wire.next((forward) => {
    world.region.control.busDown = true;
    return forward();
  });
  await world.service.start();
  await world.until(() => unknown(world, id));
  expect(world.backups(id)).toEqual([]);
  await world.advance(3 * HOUR);
  expect(world.service.runs(id)).toMatchObject([{ state: 'unknown', because: { rule: 'answer-lost' } }]);
  world.region.control.busDown = false;
  await world.completed(id, 1);
  expect(world.service.runs(id)).toMatchObject([{ state: 'completed', backup_id: world.backups(id)[0]?.id }]);
  expect(world.service.wire.posts).toHaveLength(1);
});

test('what never appears is given up after a day while the next slot goes, and a ghost that comes then is taken back', async () => {
  // Its token must live as long as its ghost.
  const world = openWorld({ policies: [RARE], region: { tokenS: (7 * DAY) / 1000 } });
  const id = world.instance('orders');
  const { service } = world;
  let arrive = async (): Promise<unknown> => undefined;
  service.wire.next(async (forward) => {
    arrive = forward;
    throw cut();
  });
  await service.start();
  await world.until(() => unknown(world, id));
  const lostUtc = world.clock.nowUtc();
  await world.until(() => service.events('run.completed', id).length === 1, 13 * HOUR);
  expect(service.runs(id)).toMatchObject([{ state: 'unknown' }, { state: 'completed', kind: 'full' }]);
  await world.until(() => service.events('run.failed', id).length === 1, DAY);
  expect(world.clock.nowUtc() - lostUtc).toBeGreaterThanOrEqual(DAY);
  const given = { state: 'failed', because: { rule: 'outcome-unknown', params: { afterMs: DAY } }, backup_id: null };
  expect(service.runs(id)[0]).toMatchObject(given);

  await arrive();
  const ghost = world.backups(id).at(-1)?.id;
  await world.until(() => service.events('run.revived').length === 1, 13 * HOUR);
  await world.until(() => service.runs(id).every(({ state }) => state === 'completed'), 10 * MINUTE);
  expect(service.runs(id)[0]).toMatchObject({ state: 'completed', backup_id: ghost });
  expect(service.wire.posts.map(({ slotUtc }) => slotUtc)).toEqual(service.runs(id).map(({ slot_utc }) => slot_utc));
}, 60_000);

test('what is looked for in vain ends after a day, though its project lets us in no more', async () => {
  const world = openWorld({ policies: [RARE] });
  const id = world.instance('orders');
  world.service.wire.next(cutBefore);
  await world.service.start();
  await world.until(() => unknown(world, id));
  world.region.revokeInherited(world.user, 'database_backup');
  await world.advance(27 * HOUR);
  expect(world.service.runs(id)[0]).toMatchObject({ state: 'failed', because: { rule: 'outcome-unknown' } });
});
