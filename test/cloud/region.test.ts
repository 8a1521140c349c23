import { expect, test } from 'vitest';
import { CloudUnavailable } from '../../daemon/ports/cloud.ts';
import { createRegion, type RegionOptions } from '../../lib/simulator/index.ts';
import { all } from './all.ts';
import { openOn } from './open.ts';

const never = new AbortController().signal;

interface Options {
  readonly trove?: RegionOptions['trove'];
  readonly mostAtOnce?: number;
  readonly maxBodyBytes?: number;
  readonly timeoutMs?: number;
}

/** Three instances of demo, two of alt, one of an empty-handed third project's neighbour. */
function open({ trove = '18', mostAtOnce = 100, maxBodyBytes = 2 ** 24, timeoutMs = 30_000 }: Options = {}) {
  const region = createRegion({ trove });
  region.seedStandardIdentities();
  region.createProject({ name: 'empty' });
  const make = (projectName: string, name: string) => region.createInstance({ projectName, name }).id;
  const ids = [make('demo', 'a'), make('alt', 'b'), make('demo', 'c'), make('alt', 'd'), make('demo', 'e')];
  const asked: string[] = [];
  region.intercept(async (request, next) => {
    const { pathname, searchParams } = new URL(request.url);
    const list = /\/((mgmt\/)?instances|projects)$/.exec(pathname)?.[1];
    if (list) asked.push(searchParams.has('project_id') ? `${list} of a project` : list);
    return next(request);
  });
  const cloud = openOn(region, { http: { maxBodyBytes, timeoutMs }, mostAtOnce });
  const look = async () => {
    asked.length = 0;
    const pages = await all(cloud.region(never));
    return { ids: pages.flat().map(({ id }) => id), largest: Math.max(...pages.map(({ length }) => length)) };
  };
  return { region, cloud, ids, asked, look };
}

test('a small region is one list', async () => {
  const { look, ids, asked } = open();
  expect((await look()).ids.sort()).toEqual(ids.toSorted());
  expect(asked).toEqual(['mgmt/instances']);
});

test.each<{ says: string; options: Options }>([
  { says: 'an answer beyond the cap of a body', options: { maxBodyBytes: 3_500 } },
  { says: 'more rows than are read at once', options: { mostAtOnce: 4 } },
  { says: 'more rows in pages', options: { mostAtOnce: 4, trove: 'master' } },
])('a large region is read project by project: $says', async ({ options }) => {
  const { look, ids, asked } = open(options);
  const { ids: found, largest } = await look();
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect(new Set(found).size).toBe(found.length);
  expect(largest).toBe(3);
  expect(asked.slice(0, 2)).toEqual(['mgmt/instances', 'projects']);
});

test('a region that was large is not tried as a whole again, until it is small', async () => {
  const { look, region, ids, asked } = open({ mostAtOnce: 4 });
  await look();
  await look();
  expect(asked).not.toContain('mgmt/instances');
  for (const id of ids.slice(0, 3)) region.deleteInstance(id);
  await look();
  expect((await look()).ids.sort()).toEqual(ids.slice(3).sort());
  expect(asked).toEqual(['mgmt/instances']);
});

test('a project that is too large by itself is walked by its own list', async () => {
  const { look, ids, asked } = open({ mostAtOnce: 2 });
  expect((await look()).ids.sort()).toEqual(ids.toSorted());
  expect(asked.filter((list) => list === 'instances')).toHaveLength(1);
});

test('a list of the whole region that does not come in time is read project by project', async () => {
  const { look, region, ids, asked } = open({ timeoutMs: 500 });
  region.intercept(async (request, next) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.endsWith('/mgmt/instances') && !searchParams.has('project_id')) return new Promise(() => undefined);
    return next(request);
  });
  expect((await look()).ids.sort()).toEqual(ids.toSorted());
  expect(asked.slice(0, 1)).toEqual(['projects']);
});

test('a list of projects that Keystone cut short is no list: the look fails and says what to raise', async () => {
  const { look, region } = open({ mostAtOnce: 4 });
  region.intercept(async (request, next) => {
    const answer = await next(request);
    if (!new URL(request.url).pathname.endsWith('/v3/projects')) return answer;
    return Response.json({ ...((await answer.json()) as object), truncated: true });
  });
  const error = await look().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CloudUnavailable);
  expect((error as CloudUnavailable).message).toContain('raise its list_limit');
});

test('a project that cannot be listed makes the whole look fail, after the pages before it', async () => {
  const { cloud, region } = open({ mostAtOnce: 4 });
  const last = region.projects().find(({ name }) => name === 'alt')?.id ?? '';
  region.intercept(async (request, next) =>
    request.url.includes(`project_id=${last}`) ? new Response('no', { status: 503 }) : next(request),
  );
  let seen = 0;
  const reading = (async () => {
    for await (const page of cloud.region(never)) seen += page.length;
  })();
  await expect(reading).rejects.toThrow(CloudUnavailable);
  expect(seen).toBe(3);
});
