import { expect, test } from 'vitest';
import { MINUTE } from '../core/builders.ts';
import { loginTo } from '../simulator/world.ts';
import { openWorld } from './world.ts';

const LIMIT = 20;

test('a tenant who keeps to three quarters of his rate limit is never refused because of this service', async () => {
  const world = openWorld({ region: { requestsPerMinute: LIMIT } });
  const { region, clock, project } = world;
  region.grant(region.createUser({ name: 'demo', password: 'demo' }).id, 'member', project);
  const tenant = await loginTo(region, { name: 'demo', password: 'demo', project: 'demo' });
  const ids = Array.from({ length: 8 }, (_, index) => world.instance(`db-${index}`));
  const mine: number[] = [];
  const ours = new Map<number, number>();
  region.intercept(async (request, next) => {
    const answer = await next(request);
    const isOurs = request.method === 'GET' && !request.headers.has('x-tenant') && request.url.includes(project);
    if (isOurs && answer.status === 200) ours.set(clock.nowUtc(), (ours.get(clock.nowUtc()) ?? 0) + 1);
    return answer;
  });
  await world.service.start();

  // All of a minute's at once: what the tenant may do at the worst.
  const burst = LIMIT * 0.75;
  for (let minute = 0; minute < 30; minute++) {
    for (let asked = 0; asked < burst; asked++) {
      mine.push((await tenant.request('GET', '/backups', { headers: { 'x-tenant': 'yes' } })).status);
    }
    await world.advance(MINUTE);
  }
  expect(new Set(mine)).toEqual(new Set([200]));

  // Nor was the service refused; it had its share, at most as much at once as a minute, and all were backed up with it.
  expect(world.service.events('run.waiting').filter((line) => rule(line) === 'rate-limited')).toEqual([]);
  const share = LIMIT / 4;
  for (const [fromUtc] of ours) {
    const within = [...ours].filter(([utc]) => utc >= fromUtc && utc < fromUtc + MINUTE);
    expect(within.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(2 * share);
  }
  await world.until(() => ids.every((id) => world.service.runs(id)[0]?.state === 'completed'), 60 * MINUTE);
});

const rule = (line: Readonly<Record<string, unknown>>): string | undefined =>
  (line['because'] as { readonly rule: string } | undefined)?.rule;
