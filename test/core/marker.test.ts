import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  backupName,
  compactUtc,
  type Marker,
  macText,
  markerText,
  namedRuns,
  parseMarker,
} from '../../lib/core/index.ts';
import { anyText, at, backup } from './builders.ts';

const MARKER: Marker = {
  owner: '0badcafe',
  runId: '44b277eb-39be-4921-be31-3d61b43651d7',
  slotUtc: at('2026-11-22 22:00'),
  kind: 'full',
  mac: '0123456789abcdef',
};
const TEXT =
  'trove-autobackup/1 owner=0badcafe run=44b277eb-39be-4921-be31-3d61b43651d7 slot=20261122T220000Z kind=full mac=0123456789abcdef';

const hex = (digits: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits }).map((all) => all.join(''));
const kinds = fc.constantFrom('full' as const, 'incremental' as const);
const said = fc.constantFrom('full' as const, 'incremental' as const, 'demand' as const);
const slots = fc
  .integer({ min: at('2000-01-01 00:00') / 1000, max: at('2100-01-01 00:00') / 1000 })
  .map((s) => s * 1000);
const markers = fc.record({ owner: hex(8), runId: fc.uuid(), slotUtc: slots, kind: said, mac: hex(16) });

/** Trove: trove/common/apischema.py, non_empty_string. */
const allowedByTrove = (text: string): boolean =>
  /^.*[0-9a-zA-Z]+.*$/.test(text) && text.length >= 1 && text.length <= 255;

test('the text of a marker is the one that earlier releases wrote', () => {
  expect(markerText(MARKER)).toBe(TEXT);
  expect(parseMarker(TEXT)).toEqual(MARKER);
});

test('a marker that is written and read is the same, and Trove takes its text', () => {
  fc.assert(
    fc.property(markers, (marker) => {
      const text = markerText(marker);
      expect(parseMarker(text)).toEqual(marker);
      expect(allowedByTrove(text)).toBe(true);
    }),
  );
});

test.each([
  { says: 'no description', text: null },
  { says: 'an empty one', text: '' },
  { says: "a user's words", text: 'before the upgrade' },
  { says: 'text before it', text: ` ${TEXT}` },
  { says: 'text after it', text: `${TEXT} and more` },
  { says: 'a line after it', text: `${TEXT}\n` },
  { says: 'another version of the form', text: TEXT.replace('autobackup/1', 'autobackup/2') },
  { says: 'a short owner', text: TEXT.replace('0badcafe', '0badcaf') },
  { says: 'capital digits', text: TEXT.replace('0badcafe', '0BADCAFE') },
  { says: 'a short mac', text: TEXT.slice(0, -1) },
  { says: 'a long mac', text: `${TEXT}0` },
  { says: 'another kind', text: TEXT.replace('kind=full', 'kind=other') },
  { says: 'a slot without seconds', text: TEXT.replace('T220000Z', 'T2200Z') },
  { says: 'a slot in another zone', text: TEXT.replace('T220000Z', 'T220000+0700') },
  { says: 'two spaces', text: TEXT.replace(' run', '  run') },
])('$says is no marker', ({ text }) => {
  expect(parseMarker(text)).toBeNull();
});

test('the runs that markers name are those of the markers alone', () => {
  const backups = [TEXT, null, 'by hand', TEXT.replace('44b2', '55b2')].map((description, index) =>
    backup(`b${index}`, { description }),
  );
  expect(namedRuns(backups)).toEqual([MARKER.runId, MARKER.runId.replace('44b2', '55b2')]);
});

describe('the text that the mac is made over', () => {
  const facts = { ...MARKER, instanceId: 'db-1', parentId: null };

  test.each([
    { fact: 'owner', other: { owner: 'deadbeef' } },
    { fact: 'run', other: { runId: '55b277eb-39be-4921-be31-3d61b43651d7' } },
    { fact: 'instance', other: { instanceId: 'db-2' } },
    { fact: 'slot', other: { slotUtc: MARKER.slotUtc + 1000 } },
    { fact: 'parent', other: { parentId: 'full' } },
    { fact: 'kind', other: { kind: 'incremental' as const } },
  ])('changes with the $fact', ({ other }) => {
    expect(macText({ ...facts, ...other })).not.toBe(macText(facts));
  });

  test('stays as earlier releases made it', () => {
    expect(macText(facts)).toBe(
      'trove-autobackup/1\n0badcafe\n44b277eb-39be-4921-be31-3d61b43651d7\ndb-1\n20261122T220000Z\n-\nfull',
    );
  });
});

describe('the name of a backup', () => {
  test.each([
    { says: 'a plain one', name: 'orders', kind: 'full' as const, expected: 'auto-orders-20261122T220000Z-full' },
    {
      says: 'of an incremental',
      name: 'orders',
      kind: 'incremental' as const,
      expected: 'auto-orders-20261122T220000Z-inc',
    },
    { says: 'in Vietnamese', name: 'đơn hàng', kind: 'full' as const, expected: 'auto-đơn hàng-20261122T220000Z-full' },
    { says: 'with signs', name: 'a/b"c\n', kind: 'full' as const, expected: 'auto-a_b_c_-20261122T220000Z-full' },
    {
      says: 'beyond the basic plane',
      name: 'db🐬𝟙',
      kind: 'full' as const,
      expected: 'auto-db__-20261122T220000Z-full',
    },
    { says: 'of no name', name: '', kind: 'full' as const, expected: 'auto--20261122T220000Z-full' },
  ])('$says', ({ name, kind, expected }) => {
    expect(backupName(name, MARKER.slotUtc, kind)).toBe(expected);
  });

  test('is taken by Trove and its database whatever the instance is called', () => {
    fc.assert(
      fc.property(anyText(400), slots, kinds, (instanceName, slotUtc, kind) => {
        const made = backupName(instanceName, slotUtc, kind);
        expect(allowedByTrove(made)).toBe(true);
        expect([...made].every((c) => c.length === 1 && !/\p{C}/u.test(c))).toBe(true);
        expect(made.endsWith(`-${compactUtc(slotUtc)}-${kind === 'full' ? 'full' : 'inc'}`)).toBe(true);
      }),
    );
  });

  test('differs from slot to slot, however long the instance is called', () => {
    const names = [0, 1000].map((later) => backupName('x'.repeat(255), MARKER.slotUtc + later, 'full'));
    expect(new Set(names).size).toBe(2);
    expect(names.every(allowedByTrove)).toBe(true);
  });
});
