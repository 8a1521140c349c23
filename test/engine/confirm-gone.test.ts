import { expect, test } from 'vitest';
import { DAY, HOUR } from '../core/builders.ts';
import { openWorld, type World } from './world.ts';

const active = ({ service }: World): number => service.schedules().filter((row) => row.active === 1).length;
const gone = ({ service }: World) => service.events('instance.gone');
const alarms = ({ service }: World) => service.events('reconcile.mass_vanish');
const spent = ({ service }: World) => service.events('reconcile.confirm_spent');

/** A region of twelve: five are another project's, all of which vanish. */
async function open() {
  const world = openWorld();
  const left = world.region.createProject({ name: 'left' }).id;
  const ids = Array.from({ length: 5 }, (_, n) => world.instance(`left-${n}`, { projectId: left }));
  const others = Array.from({ length: 7 }, (_, n) => world.instance(`db-${n}`));
  await world.service.start();
  for (const id of ids) world.region.deleteInstance(id);
  return { world, left, ids, others };
}

test('a project that vanished as a whole is doubted by name, and takes nothing of what the others may lose', async () => {
  const { world, left, others } = await open();
  world.region.deleteInstance(others[0] ?? '');
  await world.advance(HOUR);
  expect(alarms(world)[0]).toMatchObject({
    level: 'error',
    project: left,
    known: 5,
    hint: expect.stringContaining(left),
  });
  expect(gone(world)).toMatchObject([{ instance: others[0] }]);
  expect(active(world)).toBe(11);
  expect(world.service.life().missing()).toBe(5);
});

test.each([
  { by: 'its id', entry: (left: string) => left },
  { by: 'its name', entry: () => 'left@Default' },
])(
  'an operator who names it by $by is believed, once: the entry confirms nothing that vanishes later',
  async ({ entry }) => {
    const { world, left, others } = await open();
    await world.until(() => alarms(world).length > 0, HOUR);
    const word = entry(left);
    world.reload({ confirmGone: [word] });
    await world.until(() => gone(world).length === 5, HOUR);
    expect(gone(world)).toMatchObject(Array(5).fill({ project: left, confirmedBy: 'operator' }));
    expect(active(world)).toBe(7);
    await world.until(() => spent(world).length === 1, HOUR);
    expect(spent(world)).toMatchObject([{ level: 'warn', entry: word, hint: expect.stringContaining('confirm_gone') }]);

    const again = Array.from({ length: 5 }, (_, n) => world.instance(`again-${n}`, { projectId: left }));
    await world.until(() => active(world) === 12, HOUR);
    for (const id of again) world.region.deleteInstance(id);
    // What was confirmed does not count towards what may vanish today.
    for (const id of others.slice(0, 3)) world.region.deleteInstance(id);
    await world.advance(2 * HOUR);
    expect(gone(world)).toHaveLength(8);
    expect(active(world)).toBe(9);
    expect(spent(world)).toHaveLength(1);

    // Taken out and put in again it is a new word.
    world.reload({ confirmGone: [] });
    await world.advance(HOUR);
    world.reload({ confirmGone: [word] });
    await world.until(() => active(world) === 4, HOUR);
  },
);

test('an operator who names instances is believed for these alone', async () => {
  const world = openWorld();
  const ids = Array.from({ length: 12 }, (_, n) => world.instance(`db-${n}`));
  await world.service.start();
  for (const id of ids.slice(0, 7)) world.region.deleteInstance(id);
  await world.until(() => alarms(world).length > 0, HOUR);
  expect(alarms(world)[0]).toMatchObject({ vanished: 4, absent: 7, allowed: 3, projects: [world.project] });
  world.reload({ confirmGone: ids.slice(0, 3) });
  await world.advance(HOUR);
  expect(gone(world).map((line) => line['instance'])).toEqual(expect.arrayContaining(ids.slice(0, 3)));
  expect(gone(world)).toHaveLength(3);
  world.reload({ confirmGone: ids.slice(0, 4) });
  await world.until(() => gone(world).length === 7, HOUR);
  expect(active(world)).toBe(5);
});

test('what is confirmed and is there all the same is not gone', async () => {
  const world = openWorld();
  const ids = Array.from({ length: 5 }, (_, n) => world.instance(`db-${n}`));
  await world.service.start();
  for (const id of ids) world.region.control.unlisted.add(id);
  await world.until(() => alarms(world).length > 0, HOUR);
  world.reload({ confirmGone: [world.project] });
  await world.advance(2 * HOUR);
  expect(gone(world)).toEqual([]);
  expect(active(world)).toBe(5);
  expect(spent(world)).toEqual([]);
});

test.each([
  {
    says: 'has no more',
    answer: (id: string) =>
      Response.json(
        { error: { code: 404, message: `Could not find project: ${id}.`, title: 'Not Found' } },
        { status: 404 },
      ),
  },
  {
    says: 'has disabled',
    answer: (id: string) => Response.json({ project: { id, name: 'left', domain_id: 'default', enabled: false } }),
  },
])('a project that Keystone $says needs no operator', async ({ answer }) => {
  const { world, left } = await open();
  world.region.intercept(async (request, next) =>
    request.url.endsWith(`/v3/projects/${left}`) ? answer(left) : next(request),
  );
  await world.until(() => gone(world).length === 5, HOUR);
  expect(gone(world)).toMatchObject(Array(5).fill({ project: left, confirmedBy: 'keystone' }));
  expect(alarms(world)).toEqual([]);
});

test('Keystone that cannot be asked confirms nothing', async () => {
  const { world, left } = await open();
  world.region.intercept(async (request, next) =>
    request.url.endsWith(`/v3/projects/${left}`) ? new Response('no', { status: 503 }) : next(request),
  );
  await world.advance(DAY);
  expect(gone(world)).toEqual([]);
  expect(active(world)).toBe(12);
});
