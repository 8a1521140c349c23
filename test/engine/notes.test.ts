import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../core/builders.ts';
import { openWorld, type World } from './world.ts';

async function note(world: World, ...notes: readonly { readonly instanceId: string; readonly projectId: string }[]) {
  const { notes: port, reconcile } = world.service.life();
  await port.note(notes);
  reconcile.pokeNotes();
  await world.clock.drain();
}
const pending = async (world: World): Promise<number> => (await world.service.life().notes.pendingNotes(100)).length;

test('a message on the bus brings a new instance in at once, and again and again changes nothing', async () => {
  const world = openWorld();
  await world.service.start();
  const instanceId = world.instance('orders');
  for (let times = 0; times < 3; times++) await note(world, { instanceId, projectId: world.project });
  expect(world.service.events('schedule.assigned', instanceId)).toMatchObject([{ atUtc: world.clock.nowUtc() }]);
  expect(await pending(world)).toBe(0);
});

const FORGED: readonly { readonly what: string; readonly instanceId: string; readonly projectId?: string }[] = [
  { what: 'an instance that is not there', instanceId: '0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53' },
  { what: 'an id that is none', instanceId: 'any text at all' },
  { what: 'a path in place of an id', instanceId: '../backups' },
  { what: 'a project that is not there', instanceId: '0d81a3c2-6a33-4b26-8df3-1e2a7d7f0a53', projectId: 'nowhere' },
];

test.each(FORGED)(
  'a forged message of $what is forgotten, and brings nothing in',
  async ({ instanceId, projectId }) => {
    const world = openWorld();
    await world.service.start();
    await note(world, { instanceId, projectId: projectId ?? world.project });
    await world.advance(30 * SECOND);
    expect(await pending(world)).toBe(0);
    expect(world.service.schedules()).toEqual([]);
  },
);

test("a message of another project's instance brings nothing in", async () => {
  const world = openWorld();
  const { id: other } = world.region.createProject({ name: 'other' });
  await world.service.start();
  const instanceId = world.instance('orders');
  await note(world, { instanceId, projectId: other });
  expect(world.service.schedules()).toEqual([]);
  expect(await pending(world)).toBe(0);
});

test('a crowd of forged messages does not keep a true one waiting', async () => {
  const world = openWorld();
  await world.service.start();
  const forged = Array.from({ length: 50 }, (_, n) => ({ instanceId: `! ${n}`, projectId: world.project }));
  await note(world, ...forged);
  const instanceId = world.instance('orders');
  await note(world, { instanceId, projectId: world.project });
  await world.advance(10 * SECOND);
  expect(world.service.events('schedule.assigned', instanceId)).toHaveLength(1);
});

test('while the cloud is away a message is kept, and acted on when it is back', async () => {
  const world = openWorld({ reconcileMs: 6 * HOUR });
  await world.service.start();
  const mend = world.region.intercept(async () => new Response('no', { status: 503 }));
  const instanceId = world.instance('orders');
  await note(world, { instanceId, projectId: world.project });
  await world.advance(5 * MINUTE);
  expect(await pending(world)).toBe(1);
  world.service.crash();
  mend();
  await world.service.start();
  await world.advance(5 * SECOND);
  expect(await pending(world)).toBe(0);
  expect(world.service.events('schedule.assigned', instanceId)).toHaveLength(1);
});

test('an instance that cannot be looked at is asked for ever more rarely, and does not keep the others waiting', async () => {
  const world = openWorld({ reconcileMs: 6 * HOUR });
  await world.service.start();
  const odd = world.instance('odd');
  let asked = 0;
  const mend = world.region.intercept(async (request, next) => {
    if (!request.url.endsWith(`/instances/${odd}`)) return next(request);
    asked++;
    return Response.json({ instance: { id: odd } });
  });
  await note(world, { instanceId: odd, projectId: world.project });
  await world.advance(10 * MINUTE);
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThan(12);
  const instanceId = world.instance('orders');
  await note(world, { instanceId, projectId: world.project });
  expect(world.service.events('schedule.assigned', instanceId)).toHaveLength(1);
  mend();
  await world.advance(11 * MINUTE);
  expect(world.service.events('schedule.assigned', odd)).toHaveLength(1);
  expect(await pending(world)).toBe(0);
});
