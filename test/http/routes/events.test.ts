import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../../daemon/http/api/caller.ts';
import type { Api } from '../../../daemon/http/api/server.ts';
import { createHub } from '../../../daemon/http/events/hub.ts';
import { eventsRoutes } from '../../../daemon/http/routes/events.ts';
import { FakeClock } from '../../daemon/fake-clock.ts';
import { callerOf, labApi, silent } from '../api/lab.ts';

let api: Api;
let url: string;
let clock: FakeClock;
let again: () => Promise<Caller>;
const hub = createHub();
beforeEach(async () => {
  clock = new FakeClock();
  again = async () => callerOf('admin');
  const door = { presenceOf: () => ({ over: null, again: () => again() }) };
  api = labApi(eventsRoutes({ events: hub, door, clock, log: silent }));
  url = await api.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => api.close());

async function open(query = '') {
  const response = await fetch(`${url}/v1/events${query}`, { headers: { 'x-auth-token': 'admin@p1' } });
  return { response, ended: response.text().catch(() => 'cut') };
}

test('a stream says what it is, to proxies as well', async () => {
  const { response } = await open();
  const { status, headers } = response;
  const [type, caching, buffering] = ['content-type', 'cache-control', 'x-accel-buffering'].map((it) =>
    headers.get(it),
  );
  expect([status, type, caching, buffering]).toEqual([200, 'text/event-stream', 'no-store', 'no']);
  expect(headers.get('x-openstack-request-id')).toMatch(/^req-/);
});

// It would wait for ever for a stream that goes on: nothing cuts one that is under way.
test('the service stops although a stream is open', async () => {
  const { ended } = await open();
  await api.close();
  expect(await ended).toBe('cut');
});

test.each([
  ['he is no admin any more, and listens to all', '?all_projects=true', callerOf('member'), true],
  ['he is no admin any more, and listens to his own', '', callerOf('member'), false],
  ['he may not hear of events any more', '', callerOf('janitor'), true],
  ['his token is of another project', '', callerOf('admin', 'p2'), true],
])('at the next heartbeat: %s', async (_, query, now, isOver) => {
  const { ended } = await open(query);
  again = async () => now;
  // Woken as soon as it sleeps; then it is still there, or has left.
  await expect.poll(() => clock.sleeping).toBe(1);
  await clock.pass(15_000);
  await expect.poll(() => clock.sleeping).toBe(isOver ? 0 : 1);
  if (isOver) expect(await ended).toBe('cut');
});

test('a head alone is no stream', async () => {
  const { status } = await fetch(`${url}/v1/events`, { method: 'HEAD', headers: { 'x-auth-token': 'admin@p1' } });
  expect(status).toBe(404);
});
