import { expect, test } from 'vitest';
import { type Cadence, followingSlot } from '../../lib/core/index.ts';
import { ANY, at, HOUR, iso, MINUTE, policy } from '../core/builders.ts';
import { openWorld } from './world.ts';

const START = at('2026-03-28 12:00');
const ofZone = { zone: 'Europe/Berlin', spreadMs: 30 * MINUTE };
const FORMS: Readonly<Record<string, Cadence>> = {
  cron: { kind: 'cron', cron: '30 2,14 * * *', ...ofZone },
  rrule: { kind: 'rrule', rrule: 'FREQ=DAILY;BYHOUR=2,14;BYMINUTE=30', ...ofZone },
  window: {
    kind: 'elapsed',
    everyMs: 4 * HOUR,
    within: { zone: 'Europe/Berlin', window: { startMinute: 22 * 60, endMinute: 6 * 60 } },
  },
};

test('over a night on which clocks change, schedules of every form have their backups at their slots, each once', async () => {
  const policies = Object.entries(FORMS).map(([name, cadence]) =>
    policy({ name, cadence, select: { ...ANY, names: [name] } }),
  );
  const world = openWorld({ policies, startUtc: START });
  const ids = Object.keys(FORMS).map((name) => [name, world.instance(name)] as const);
  await world.service.start();
  await world.advance(27 * HOUR);
  for (const [name, id] of ids) {
    const cadence = FORMS[name] as Cadence;
    const runs = world.service.runs(id).filter(({ state }) => state !== 'running');
    expect(runs.length, name).toBeGreaterThanOrEqual(3);
    expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(['completed']));
    for (const [index, run] of runs.slice(1).entries()) {
      expect(iso(run.slot_utc), name).toBe(iso(followingSlot(cadence, id, runs[index]?.slot_utc ?? 0)));
    }
  }
}, 60_000);

test('in a freeze every slot is skipped with its reason, and after it the next one goes well', async () => {
  const cadence: Cadence = { kind: 'cron', cron: '0 * * * *', zone: 'UTC', spreadMs: 0 };
  const [fromUtc, toUtc] = [START + 2 * HOUR, START + 4 * HOUR];
  const freezes = [{ kind: 'instants', fromUtc, toUtc, reason: 'year-end closing' }] as const;
  const world = openWorld({ policies: [policy({ cadence })], freezes, startUtc: START });
  const id = world.instance('orders');
  await world.service.start();
  await world.advance(5.5 * HOUR);
  const runs = world.service.runs(id).filter(({ slot_utc }) => slot_utc >= START + HOUR);
  const frozen = { rule: 'frozen', params: { untilUtc: toUtc, reason: 'year-end closing' } };
  expect(runs.map(({ slot_utc, state }) => [(slot_utc - START) / HOUR, state])).toEqual([
    [1, 'completed'],
    [2, 'skipped'],
    [3, 'skipped'],
    [4, 'completed'],
    [5, 'completed'],
  ]);
  for (const run of runs.slice(1, 3)) expect(run.because).toEqual(frozen);
  expect(world.service.wire.posts.filter(({ atUtc }) => atUtc >= fromUtc && atUtc < toUtc)).toEqual([]);
}, 60_000);
