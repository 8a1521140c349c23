import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseKind, type OwnedBackup, recoveryPoints } from '../../lib/core/index.ts';
import { at, chainOf, DAY, foreign, instance, managed, NO_FAILURES, policy } from './builders.ts';

const MONDAY = at('2026-11-16 22:00');
const TONIGHT = MONDAY + 2 * DAY;
const [full, inc] = chainOf(MONDAY, ['full', 'inc']);
if (!full || !inc) throw new Error('the chain has two backups');

const parentOf = (backups: readonly OwnedBackup[], gone?: ReadonlySet<string>): string | null => {
  const decision = chooseKind(instance(), policy(), TONIGHT, backups, NO_FAILURES, gone);
  return decision.kind === 'full' ? null : decision.parent.id;
};

const flaws: readonly { readonly says: string; readonly flaw: (it: OwnedBackup) => OwnedBackup }[] = [
  ...['FAILED', 'NEW', 'BUILDING', 'SAVING', 'RESTORED', 'DELETED', 'DELETE_FAILED', 'whatever'].map((status) => ({
    says: `is ${status}`,
    flaw: (it: OwnedBackup) => ({ ...it, status }),
  })),
  { says: 'is of another instance', flaw: (it) => ({ ...it, instanceId: 'db-2' }) },
  { says: 'came from another region', flaw: (it) => ({ ...it, instanceId: null }) },
  { says: 'is of another project', flaw: (it) => ({ ...it, projectId: 'project-b' }) },
  { says: 'is foreign', flaw: (it) => ({ ...it, ownership: { kind: 'foreign' } }) },
  { says: 'is of another owner', flaw: (it) => ({ ...it, ownership: { kind: 'conflict', owner: 'deadbeef' } }) },
  { says: 'is a cinder snapshot', flaw: (it) => ({ ...it, location: 'cinder://snapshot-1' }) },
];

describe('no incremental goes on a backup that', () => {
  test.each(flaws)('$says: the one before it is the parent', ({ flaw }) => {
    expect(parentOf([full, inc])).toBe('inc');
    expect(parentOf([full, flaw(inc)])).toBe('full');
  });

  test.each(flaws)('stands on one that $says', ({ flaw }) => {
    expect(parentOf([flaw(full), inc])).toBeNull();
  });

  test('is of another datastore version', () => {
    expect(parentOf([{ ...full, datastore: { type: 'mysql', version: '5.7' } }])).toBeNull();
    expect(parentOf([{ ...full, datastore: { type: 'mariadb', version: '8.0' } }])).toBeNull();
  });

  test('is under a delete intent, or stands on one that is', () => {
    expect(parentOf([full, inc], new Set(['inc']))).toBe('full');
    expect(parentOf([full, inc], new Set(['full']))).toBeNull();
  });

  test('has lost its parent', () => {
    expect(parentOf([inc])).toBeNull();
  });

  test('is its own parent', () => {
    expect(parentOf([{ ...full, parentId: 'full' }])).toBeNull();
  });

  test('is its own ancestor', () => {
    expect(parentOf([{ ...full, parentId: 'inc' }, inc])).toBeNull();
    expect(
      parentOf([
        managed('a', MONDAY, { parentId: 'c' }),
        managed('b', MONDAY + 1, { parentId: 'a' }),
        managed('c', MONDAY + 2, { parentId: 'b' }),
      ]),
    ).toBeNull();
  });
});

test('whatever the region holds, the parent and all its ancestors are sound, and no sound tip is newer', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const row = fc.record({
    parentId: fc.option(fc.constantFrom(...ids)),
    status: fc.constantFrom('COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED', 'BUILDING'),
    instanceId: fc.constantFrom('db-1', 'db-1', 'db-1', 'db-2'),
    ours: fc.constantFrom(true, true, true, false),
    slot: fc.nat(20),
  });
  const sound = (it: OwnedBackup | undefined): boolean =>
    it?.status === 'COMPLETED' && it.instanceId === 'db-1' && it.ownership.kind === 'managed' && it.id !== 'gone';
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.subarray(ids, { maxLength: 2 }), (rows, under) => {
      const backups = rows.map(({ ours, slot, ...over }, index) =>
        ours ? managed(ids[index] ?? '', MONDAY + slot, over) : foreign(ids[index] ?? '', over),
      );
      const byId = new Map(backups.map((it) => [it.id, it]));
      const gone = new Set(under);
      const whole = (tip: OwnedBackup): boolean => {
        let link: OwnedBackup | undefined = tip;
        for (let steps = 0; steps <= ids.length; steps += 1) {
          if (!link || !sound(link) || gone.has(link.id)) return false;
          if (link.parentId === null) return true;
          link = byId.get(link.parentId);
        }
        return false;
      };
      const points = recoveryPoints(instance(), backups, gone);
      expect(points.map(({ tip }) => tip.id).sort()).toEqual(
        backups
          .filter(whole)
          .map(({ id }) => id)
          .sort(),
      );
      const slots = points.map(({ tip }) => tip.ownership.slotUtc);
      expect(slots).toEqual(slots.toSorted((one, other) => other - one));
      for (const { root, tip, length } of points) {
        let link: OwnedBackup = tip;
        for (let step = 0; step < length; step += 1) link = byId.get(link.parentId ?? '') ?? link;
        expect(link).toBe(root);
        expect(root.parentId).toBeNull();
      }
      expect(parentOf(backups, gone)).toBe(points[0]?.tip.id ?? null);
    }),
    { numRuns: 500, seed: 20261122 },
  );
});
