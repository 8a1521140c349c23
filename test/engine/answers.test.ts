import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../core/builders.ts';
import type { AnyFate } from './wire.ts';
import { openWorld } from './world.ts';

const fault =
  (status: number, kind: string, message: string): AnyFate =>
  async () =>
    Response.json({ [kind]: { code: status, message } }, { status });

const BUSY = 'Instance 1 is not currently available for an action to be performed (Status was RESTARTING).';

/** What Trove says to every request for a backup for half an hour. */
const REFUSALS: readonly { readonly what: string; readonly fate: AnyFate; readonly rule: string }[] = [
  { what: 'a 422 though it was ACTIVE', fate: fault(422, 'unprocessableEntity', BUSY), rule: 'busy' },
  {
    what: 'a full quota',
    fate: fault(413, 'overLimit', "Quota exceeded for resources: ['backups']."),
    rule: 'quota-refused',
  },
  {
    what: "a 401 of Swift's",
    fate: fault(401, 'unauthorized', 'Swift account not accessible for tenant 1.'),
    rule: 'storage-away',
  },
  {
    what: 'a 401 of the token',
    fate: fault(401, 'unauthorized', 'The request you have made requires authentication.'),
    rule: 'unauthorized',
  },
  { what: 'a 404', fate: fault(404, 'itemNotFound', 'Resource 1 cannot be found.'), rule: 'not-found' },
  { what: 'a 403', fate: fault(403, 'forbidden', 'No.'), rule: 'refused' },
];

test.each(REFUSALS)('$what keeps the slot waiting with its own reason, once a minute at most', async (row) => {
  const world = openWorld();
  const { service } = world;
  const id = world.instance('orders');
  service.wire.always(row.fate);
  await service.start();
  await world.until(() => service.wire.posts.length > 0, HOUR);
  await world.advance(30 * MINUTE);
  expect(service.runs(id)).toMatchObject([{ state: 'claimed', because: { rule: row.rule } }]);
  // Half as long again as it has waited, from a second to a minute.
  expect(service.wire.posts.length).toBeLessThanOrEqual(42);
  const lastMinute = service.wire.posts.filter(({ atUtc }) => atUtc > world.clock.nowUtc() - 5 * MINUTE);
  expect(lastMinute.length).toBeLessThanOrEqual(5);

  service.wire.always((forward) => forward());
  await world.completed(id, 2);
  expect(
    service
      .runs(id)
      .slice(0, 2)
      .map(({ state }) => state),
  ).toEqual(['completed', 'completed']);
});

test('an instance that is deleted between the look and the request ends its slot as gone', async () => {
  const world = openWorld();
  const { service, region } = world;
  const id = world.instance('orders');
  service.wire.next((forward) => {
    region.deleteInstance(id);
    return forward();
  });
  await service.start();
  await world.until(() => service.runs(id)[0]?.ended_utc !== undefined && service.runs(id)[0]?.ended_utc !== null);
  expect(service.events('run.waiting', id)).toMatchObject([{ because: { rule: 'not-found' } }]);
  expect(service.runs(id)).toMatchObject([{ state: 'skipped', because: { rule: 'instance-gone' } }]);
  expect(service.wire.posts).toHaveLength(1);
});

test('a project without our role costs a few logins an hour, however many databases it has', async () => {
  const world = openWorld();
  const { service, region, user } = world;
  region.revokeInherited(user, 'database_backup');
  const ids = Array.from({ length: 12 }, (_, n) => world.instance(`db-${n}`));
  await service.start();
  await world.advance(6 * HOUR);
  const logins = service.wire.requests.filter(({ url }) => url.endsWith('/auth/tokens'));
  // Six hours of the region's own tokens, and a try of the project at 0, 10, 30, 70, 130, … minutes: each is a login that
  // fails, and one that tells a missing role from a wrong password.
  expect(logins.length).toBeLessThanOrEqual(24);
  for (const id of ids) {
    for (const { state, because } of service.runs(id)) {
      expect([state, state === 'expired' ? 'no-role' : because?.rule]).toEqual([state, 'no-role']);
    }
  }
  region.grantInherited(user, 'database_backup');
  await world.advance(HOUR + 30 * MINUTE);
  for (const id of ids) expect(service.events('run.completed', id).length).toBeGreaterThan(0);
});

test('"observe" sends nothing but reads and logins, whatever happens', async () => {
  const world = openWorld({ observe: true });
  const { service, region } = world;
  const id = world.instance('orders');
  await service.start();
  await world.until(() => service.events('run.skipped', id).length >= 2, 3 * HOUR);
  region.control.failBackupsOf.add(id);
  for (let n = 0; n < 2; n++) region.createBackup({ instanceId: id, name: 'mine', status: 'FAILED' });
  await world.advance(2 * HOUR);
  const changes = service.wire.requests.filter(({ method, url }) => method !== 'GET' && !url.endsWith('/auth/tokens'));
  expect(changes).toEqual([]);
});

test('an odd Retry-After of a rate limit makes no fault, and the slot is backed up when the limit is over', async () => {
  const world = openWorld();
  const { service, region } = world;
  const id = world.instance('orders');
  await service.start();
  const overLimit = { code: 413, message: 'This request was rate-limited.' };
  const mend = region.intercept(async (request, next) =>
    request.url.includes('/mgmt/quotas')
      ? Response.json({ overLimit }, { status: 413, headers: { 'retry-after': '99999999999999' } })
      : next(request),
  );
  await world.advance(20 * MINUTE);
  expect(service.events('run.fault')).toEqual([]);
  mend();
  await world.completed(id, 1);
});

test('a Retry-After of a day on one bad answer does not stop the tracking of a project for a day', async () => {
  const world = openWorld();
  const { service, region } = world;
  const id = world.instance('orders');
  await service.start();
  await world.until(() => service.events('run.submitted', id).length === 1);
  let bad = 3;
  region.intercept(async (request, next) =>
    request.method === 'GET' && request.url.includes('/backups?') && bad-- > 0
      ? new Response('no', { status: 503, headers: { 'retry-after': '86400' } })
      : next(request),
  );
  await world.advance(4 * HOUR);
  expect(service.events('track.failed').length).toBeGreaterThan(0);
  expect(service.runs(id).some(({ state }) => state === 'completed')).toBe(true);
});
