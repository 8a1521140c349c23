import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Fate,
  type FatesInput,
  fates,
  isManaged,
  type Keep,
  type OwnedBackup,
  pruneStep,
  recoveryPoints,
} from '../../lib/core/index.ts';
import { at, backup, DAY, HOUR, policy } from './builders.ts';

const NOW = at('2026-11-24 12:00');
const STATUSES = ['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED', 'BUILDING', 'DELETE_FAILED'] as const;

interface Row {
  readonly back: number;
  readonly parent: number | null;
  readonly status: (typeof STATUSES)[number];
  readonly isOurs: boolean;
  readonly isDemanded: boolean;
}
const row: fc.Arbitrary<Row> = fc.record({
  back: fc.integer({ min: 0, max: 40 * 24 }),
  parent: fc.option(fc.nat({ max: 30 }), { freq: 2 }),
  status: fc.constantFrom(...STATUSES),
  isDemanded: fc.boolean(),
  isOurs: fc.boolean().chain((once) => (once ? fc.constant(true) : fc.boolean())),
});

/** Rows in the order they were made, each on an earlier one or on none. */
const region: fc.Arbitrary<readonly OwnedBackup[]> = fc.array(row, { maxLength: 25 }).map((rows) =>
  rows
    .toSorted((a, b) => b.back - a.back)
    .map(({ back, parent, status, isOurs, isDemanded }, index): OwnedBackup => {
      const createdUtc = NOW - back * HOUR;
      const parentId = parent === null || index === 0 ? null : `b${parent % index}`;
      const made = backup(`b${index}`, { createdUtc, updatedUtc: createdUtc, parentId, status });
      const origin = isDemanded ? ('on_demand' as const) : ('scheduled' as const);
      const ours = { kind: 'managed', origin, runId: `run-${index}`, slotUtc: createdUtc } as const;
      return { ...made, ownership: isOurs ? ours : { kind: 'foreign' } };
    }),
);

const keep: fc.Arbitrary<Keep> = fc
  .record(
    {
      withinMs: fc.integer({ min: HOUR, max: 30 * DAY }),
      last: fc.integer({ min: 1, max: 5 }),
      daily: fc.integer({ min: 1, max: 9 }),
    },
    { requiredKeys: [] },
  )
  .map((rules) => (Object.keys(rules).length === 0 ? { last: 1 } : rules));

const scene: fc.Arbitrary<FatesInput> = fc
  .record({
    backups: region,
    keep,
    minimumFulls: fc.integer({ min: 1, max: 3 }),
    held: fc.option(fc.nat({ max: 24 })),
    goneDaysAgo: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 2 }),
  })
  .map(({ backups, keep, minimumFulls, held, goneDaysAgo }) => ({
    instance: { id: 'db-1', projectId: 'project-a' },
    goneUtc: goneDaysAgo === null ? null : NOW - goneDaysAgo * DAY,
    retention: { keep, minimumFulls, onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY }, anchor: true },
    policy: policy(),
    backups,
    elsewhere: [],
    holds: held === null ? [] : [{ backupId: `b${held}`, owner: 'anna', note: 'audit', untilUtc: null }],
    demandedKeeps: Object.fromEntries(
      backups.filter((_, index) => index % 3 === 0).map(({ id }) => [`run-${id.slice(1)}`, 2 * DAY]),
    ),
    gone: new Set<string>(),
    nowUtc: NOW,
  }));

const of = (found: ReadonlyMap<string, Fate>, kind: Fate['kind']): ReadonlySet<string> =>
  new Set([...found].filter(([, fate]) => fate.kind === kind).map(([id]) => id));
const pointsOf = ({ instance, backups }: FatesInput): readonly string[] =>
  recoveryPoints(instance, backups).map(({ tip }) => tip.id);
const holds = (law: (input: FatesInput) => void): void => fc.assert(fc.property(scene, law), { numRuns: 3_000 });

describe('whatever there is in the region', () => {
  test('each backup of ours has one fate, and no other has any', () => {
    holds((input) => {
      const ours = input.backups.filter(isManaged).map(({ id }) => id);
      expect([...fates(input).keys()].sort()).toEqual(ours.sort());
    });
  });

  test('nothing may go on which anything stands that stays', () => {
    holds((input) => {
      const goes = of(fates(input), 'removable');
      for (const { id, parentId } of input.backups) {
        if (parentId !== null && goes.has(parentId)) expect(goes).toContain(id);
      }
    });
  });

  test('what is kept can still be restored from when all else has gone', () => {
    holds((input) => {
      const found = fates(input);
      const left = { ...input, backups: input.backups.filter(({ id }) => !of(found, 'removable').has(id)) };
      const still = new Set(pointsOf(left));
      for (const id of pointsOf(input)) if (of(found, 'kept').has(id)) expect(still).toContain(id);
    });
  });

  test('of a living instance the newest point never goes, nor the newest fulls that slots made, nor any below the floor', () => {
    holds((input) => {
      if (input.goneUtc !== null || input.retention === null) return;
      const { minimumFulls } = input.retention;
      const points = recoveryPoints(input.instance, input.backups);
      const fulls = points.filter(({ length }) => length === 0);
      const ofSlots = fulls.filter(({ tip }) => tip.ownership.origin === 'scheduled').slice(0, minimumFulls);
      const goes = of(fates(input), 'removable');
      for (const { tip } of [...points.slice(0, 1), ...ofSlots]) expect(goes).not.toContain(tip.id);
      const left = fulls.filter(({ tip }) => !goes.has(tip.id)).length;
      expect(left).toBeGreaterThanOrEqual(Math.min(minimumFulls, fulls.length));
    });
  });

  test('what was asked for stays as long as was said, and for ever where nothing was', () => {
    holds((input) => {
      const goes = of(fates(input), 'removable');
      for (const { tip } of recoveryPoints(input.instance, input.backups)) {
        if (tip.ownership.origin !== 'on_demand') continue;
        const keepMs = input.demandedKeeps?.[tip.ownership.runId] ?? Number.POSITIVE_INFINITY;
        if (NOW < tip.createdUtc + keepMs) expect(goes).not.toContain(tip.id);
      }
    });
  });

  test('how long what was asked for is kept changes nothing of what the rules choose among slots', () => {
    holds((input) => {
      const kept = (found: ReadonlyMap<string, Fate>): readonly string[] =>
        input.backups.filter(isManaged).flatMap(({ id, ownership }) => {
          const fate = found.get(id);
          const rules = fate?.kind === 'kept' ? fate.because.map(({ rule }) => rule) : [];
          const byRule = rules.some((rule) =>
            ['kept-within', 'kept-window-start', 'kept-last', 'kept-period'].includes(rule),
          );
          return ownership.origin === 'scheduled' && byRule ? [id] : [];
        });
      expect(kept(fates({ ...input, demandedKeeps: {} }))).toEqual(kept(fates(input)));
    });
  });

  test('what is held never goes, nor what it stands on', () => {
    holds((input) => {
      const goes = of(fates(input), 'removable');
      const byId = new Map(input.backups.map((it) => [it.id, it]));
      for (let id = input.holds[0]?.backupId ?? null; id !== null; id = byId.get(id)?.parentId ?? null) {
        if (pointsOf(input).includes(input.holds[0]?.backupId ?? '')) expect(goes).not.toContain(id);
      }
    });
  });

  test('when all that may go has gone, nothing more may', () => {
    holds((input) => {
      const goes = of(fates(input), 'removable');
      const left = { ...input, backups: input.backups.filter(({ id }) => !goes.has(id)) };
      expect([...of(fates(left), 'removable')]).toEqual([]);
    });
  });

  test('taken one by one, leaf first, everything that may go does, and nothing is ever lost with it', () => {
    holds((input) => {
      let backups = input.backups;
      const found = fates(input);
      for (;;) {
        const marks = [...of(found, 'removable')].map((backupId) => ({ backupId, markedUtc: NOW }));
        const [next] = pruneStep({ backups, fates: found, marks, gone: new Set(), graceMs: 0, nowUtc: NOW }).ripe;
        if (!next) break;
        expect(backups.some(({ parentId }) => parentId === next.backup.id)).toBe(false);
        backups = backups.filter(({ id }) => id !== next.backup.id);
      }
      const goes = of(found, 'removable');
      expect(backups).toEqual(input.backups.filter(({ id }) => !goes.has(id)));
    });
  });

  test('in whatever order the list comes, the fates are the same', () => {
    holds((input) => {
      const turned = fates({ ...input, backups: input.backups.toReversed() });
      expect(Object.fromEntries(turned)).toEqual(Object.fromEntries(fates(input)));
    });
  });
});
