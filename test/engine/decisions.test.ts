import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exportDay } from '../../daemon/engine/export-day.ts';
import { type DecisionsDocument, type Policy, replay } from '../../lib/core/index.ts';
import { DAY, HOUR, iso, MINUTE } from '../core/builders.ts';
import { HOURLY, openWorld, START } from './world.ts';

const KEEPING: Policy = {
  ...HOURLY,
  retention: {
    keep: { withinMs: 4 * HOUR, daily: 2 },
    minimumFulls: 1,
    onDelete: { keepMs: 2 * DAY, lastChainMs: 4 * DAY },
    anchor: true,
  },
};
const ids = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b/g;

async function lived(days: number) {
  const world = openWorld({ policies: [KEEPING], quarantineMs: 0, graceMs: 2 * HOUR });
  const id = world.instance('orders');
  await world.service.start();
  await world.advance(HOUR);
  world.region.createBackup({ instanceId: id, name: 'mine', parentId: world.backups(id)[0]?.id ?? '' });
  await world.advance(days * DAY);
  return { world, id };
}
const dayOf = (instant: number): string => iso(instant).slice(0, 10);

test('what was decided on a day is exported with all it was made of, and decided so again', async () => {
  const { world, id } = await lived(2);
  const { decisions } = world.service.life();
  const document = await exportDay(decisions, { instanceId: id }, dayOf(START + DAY));
  const kinds = Map.groupBy(document.decisions, ({ kind }) => kind);
  expect(kinds.get('plan')).toHaveLength(24);
  expect(kinds.get('prune')?.length).toBeGreaterThan(10);
  expect(document.decisions.length).toBeLessThan(90);
  expect(replay(JSON.parse(JSON.stringify(document)))).toEqual({
    decisions: document.decisions.length,
    differences: [],
  });
  const ofProject = await exportDay(decisions, { projectId: world.project }, dayOf(START + DAY));
  expect(ofProject.decisions).toEqual(document.decisions);
  const text = JSON.stringify(document);
  expect(text).not.toMatch(/mac=|autobackup\/1 owner/);
  if (process.env['UPDATE_DECISIONS']) store(document);
});

/** Under ids that are the same each time. */
function store(document: DecisionsDocument): void {
  const known = new Map<string, string>();
  const named = (found: string): string => {
    const name = known.get(found) ?? `${found.length === 32 ? 'project' : 'id'}-${known.size}`;
    known.set(found, name);
    return name;
  };
  const folder = new URL('../fixtures/decisions/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('hourly-day.json', folder), `${JSON.stringify(document).replaceAll(ids, named)}\n`);
}

test('a list that is read again and again says nothing new', async () => {
  const { world, id } = await lived(1);
  const { decisions } = world.service.life();
  const count = async () => (await exportDay(decisions, { instanceId: id }, dayOf(START))).decisions.length;
  const before = await count();
  const pause = { owner: 'anna', note: 'looking', untilUtc: world.clock.nowUtc() + 3 * DAY };
  await world.service.life().standstills.pause(id, pause, world.clock.nowUtc());
  const paused = await exportDay(decisions, { instanceId: id }, dayOf(world.clock.nowUtc()));
  await world.advance(3 * HOUR);
  expect((await exportDay(decisions, { instanceId: id }, dayOf(world.clock.nowUtc()))).decisions.length).toBe(
    paused.decisions.length,
  );
  expect(await count()).toBe(before);
});

test('what is older than a week is taken away, with what nothing names any more', async () => {
  const { world, id } = await lived(1);
  const { decisions } = world.service.life();
  const later = world.clock.nowUtc() + 10 * DAY;
  let parts = 0;
  while (await decisions.trim(later)) parts += 1;
  expect(parts).toBeGreaterThan(0);
  expect((await exportDay(decisions, { instanceId: id }, dayOf(START))).decisions).toEqual([]);
});

test('a day that is none is refused', async () => {
  const world = openWorld();
  await world.service.start();
  const { decisions } = world.service.life();
  await expect(exportDay(decisions, { instanceId: 'db-1' }, '24 November')).rejects.toThrow(/is no day; give one such/);
  await world.advance(MINUTE);
});
