import { expect, test } from 'vitest';
import { HOUR } from '../core/builders.ts';
import { cut } from './wire.ts';
import { openWorld } from './world.ts';

/** The requests for backups as they came to the region: what it would find in its own log. */
const REQUEST = /^req-[0-9a-f-]{36}$/;

test('every event of a run tells its run, instance, project and slot, and its backup once there is one', async () => {
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  service.wire.next(
    async () =>
      Response.json({ overLimit: { code: 413, message: 'Rate.' } }, { status: 413, headers: { 'retry-after': '9' } }),
    async (forward) => {
      await forward();
      throw cut();
    },
  );
  await service.start();
  await world.completed(id, 2);
  service.crash();
  await world.advance(5 * HOUR);
  await service.start();
  await world.completed(id, 3);

  const events = service.lines.filter(({ event }) => event.startsWith('run.'));
  const names = new Set(events.map(({ event }) => event));
  expect([...names].sort()).toEqual([
    'run.adopted',
    'run.completed',
    'run.missed',
    'run.submitted',
    'run.unknown',
    'run.waiting',
  ]);
  for (const line of events) {
    expect(line).toMatchObject({ instance: id, project: world.project });
    if (line.event !== 'run.missed') expect(line).toMatchObject({ run: expect.any(String), slot: expect.any(String) });
    if (['run.adopted', 'run.submitted', 'run.completed'].includes(line.event)) {
      expect(line).toMatchObject({ backup: expect.any(String) });
    }
  }
  expect(service.events('run.missed')).toMatchObject([{ slots: expect.any(Number) }]);
});

test('a request for a backup is told by the id that went along, and by the one that the service answered with', async () => {
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  service.wire.next(
    async () =>
      Response.json(
        { unprocessableEntity: { code: 422, message: 'Busy.' } },
        { status: 422, headers: { 'x-openstack-request-id': 'req-of-a-proxy' } },
      ),
    async (forward) => {
      await forward();
      throw cut();
    },
  );
  await service.start();
  await world.completed(id, 2);
  const refused = service.events('run.waiting', id).find(({ serviceRequest }) => serviceRequest !== undefined);
  expect(refused).toMatchObject({ request: expect.stringMatching(REQUEST), serviceRequest: 'req-of-a-proxy' });
  expect(service.events('run.unknown', id)).toMatchObject([{ request: expect.stringMatching(REQUEST) }]);
  const submitted = service.events('run.submitted', id);
  expect(submitted[0]).toMatchObject({ request: expect.stringMatching(REQUEST) });
  expect(submitted[0]).not.toHaveProperty('serviceRequest');
});
