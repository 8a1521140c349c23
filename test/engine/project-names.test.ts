import { expect, test } from 'vitest';
import { ANY, HOUR } from '../core/builders.ts';
import { HOURLY, openWorld, type World } from './world.ts';

const NAMED = { ...ANY, projects: ['demo@Default'] };
const forgetProjects = ({ region }: World) =>
  region.intercept(async (request, next) =>
    request.url.includes('/projects?') ? Response.json({ projects: [], links: {} }) : next(request),
  );

test('a project that Keystone does not find any more is still meant by its name: its schedules run on', async () => {
  const world = openWorld({ policies: [{ ...HOURLY, select: NAMED }] });
  const { service } = world;
  const id = world.instance('orders');
  await service.start();
  await world.completed(id, 1);
  forgetProjects(world);
  await world.advance(2 * HOUR);
  expect(service.schedules()).toMatchObject([{ active: 1 }]);
  const hint = expect.stringContaining(`still meant: id ${world.project}`);
  expect(service.events('project.unknown')[0]).toMatchObject({ level: 'error', hint });
});

test('an exclusion of a project holds when Keystone does not find it any more', async () => {
  const world = openWorld({ exclude: NAMED });
  const { service } = world;
  world.instance('orders');
  await service.start();
  forgetProjects(world);
  await world.advance(2 * HOUR);
  expect(service.wire.posts).toEqual([]);
});
