import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { failedOf, rules, twoFailed } from './prune-scene.ts';
import { cutBefore, dropAnswer } from './wire.ts';
import type { World } from './world.ts';

const REFUSALS: readonly {
  readonly what: string;
  readonly answer: () => Response;
  readonly rule: string;
  readonly againMs: number;
}[] = [
  {
    what: 'a 422',
    answer: () => Response.json({ unprocessableEntity: { code: 422, message: 'It is running.' } }, { status: 422 }),
    rule: 'busy',
    againMs: MINUTE,
  },
  {
    what: 'a 403',
    answer: () => Response.json({ forbidden: { code: 403, message: 'No.' } }, { status: 403 }),
    rule: 'refused',
    againMs: MINUTE,
  },
  {
    what: 'a rate limit',
    answer: () =>
      Response.json(
        { overLimit: { code: 413, message: 'This request was rate-limited.' } },
        { status: 413, headers: { 'Retry-After': '200' } },
      ),
    rule: 'rate-limited',
    againMs: 200_000,
  },
];

test.each(REFUSALS)('after $what to a DELETE the backup is as before, and it is tried again later', async (row) => {
  const { world, service, first } = await twoFailed(({ service }) =>
    service.wire.nextDeletion(async () => row.answer()),
  );
  world.region.control.failBackupsOf.clear();
  await world.until(() => service.events('prune.deleted').length > 0, 2 * HOUR);
  expect(rules(world)).toEqual([row.rule]);
  const [refused, taken, ...more] = service.wire.deletions;
  expect([refused?.backup?.id, taken?.backup?.id, more]).toEqual([first, first, []]);
  expect((taken?.atUtc ?? 0) - (refused?.atUtc ?? 0)).toBeGreaterThanOrEqual(row.againMs);
});

test('a DELETE whose answer was lost is looked for, not sent again', async () => {
  const { world, service, first, id } = await twoFailed(({ service }) => service.wire.nextDeletion(dropAnswer));
  await world.advance(MINUTE);
  expect(rules(world)).toEqual(['answer-lost']);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
  expect(service.wire.deletions).toHaveLength(1);
  expect(failedOf(world, id)).toHaveLength(1);
});

test('one that may be on its way still is sent once more, but not within a day: a second one gives quota back twice', async () => {
  const { world, service, first } = await twoFailed(({ service }) => service.wire.nextDeletion(cutBefore));
  await world.advance(MINUTE);
  world.region.control.failBackupsOf.clear();
  await world.until(() => service.wire.deletions.length === 2, DAY + 3 * HOUR);
  const [sent, again] = service.wire.deletions;
  expect([sent?.backup?.id, again?.backup?.id]).toEqual([first, first]);
  expect((again?.atUtc ?? 0) - (sent?.atUtc ?? 0)).toBeGreaterThanOrEqual(DAY);
  expect(rules(world)).toEqual(['answer-lost', 'deletion-without-effect']);
  await world.advance(MINUTE);
  expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
});

interface Overtaken {
  readonly what: string;
  readonly happen: (world: World, id: string) => void;
  readonly isSentAgain?: true;
}
const OVERTAKEN: readonly Overtaken[] = [
  {
    what: 'whose instance is excluded meanwhile',
    happen: (world) => world.reload({ exclude: { projects: [], datastores: [], names: ['orders'] } }),
  },
  // What is left of one that is gone goes on being pruned.
  {
    what: 'whose instance is gone meanwhile',
    happen: ({ region }, id) => region.deleteInstance(id),
    isSentAgain: true,
  },
  { what: 'whose instance has no policy meanwhile', happen: (world) => world.reload({ policies: [] }) },
];

test.each(OVERTAKEN)(
  'a DELETE without an answer $what is given up after a day, and looked for ever more rarely',
  async (row) => {
    const { world, service, region, id, first } = await twoFailed(({ service }) =>
      service.wire.nextDeletion(cutBefore),
    );
    await world.until(() => service.wire.deletions.length === 1);
    region.control.failBackupsOf.clear();
    row.happen(world, id);
    await world.advance(HOUR);
    const from = service.wire.requests.length;
    await world.advance(DAY);
    const looks = service.wire.requests.slice(from).filter(({ url }) => url.endsWith(`/backups/${first}`));
    expect(looks.length).toBeGreaterThan(20);
    expect(looks.length).toBeLessThan(30);
    await world.advance(3 * HOUR);
    expect(rules(world)).toEqual(['answer-lost', 'deletion-without-effect']);
    expect(service.wire.deletions).toHaveLength(row.isSentAgain ? 2 : 1);
    const whole = service.wire.requests.slice(from).filter(({ url }) => url.includes('all_projects'));
    expect(whole).toHaveLength(row.isSentAgain ? 1 : 0);
  },
);
