import { describe, expect, test } from 'vitest';
import {
  type Backup,
  type LedgerEntry,
  type MarkerFacts,
  macText,
  markerText,
  type RunState,
  withOwnership,
} from '../../lib/core/index.ts';
import { at, backup, DAY } from './builders.ts';

const OWNER = '0badcafe';
const RUN = '44b277eb-39be-4921-be31-3d61b43651d7';
const BORN = at('2026-11-01 00:00');
const SLOT = at('2026-11-22 22:00');

/** Stands for the HMAC: any function of the text that the key alone can make. */
const macOf = (facts: MarkerFacts): string =>
  [...macText(facts)]
    .reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 2 ** 48, 7)
    .toString(16)
    .padStart(16, '0');

function marked(id: string, over: Partial<Backup> = {}, said: Partial<MarkerFacts> = {}): Backup {
  const made = backup(id, over);
  const instanceId = made.instanceId ?? 'db-1';
  const facts = {
    owner: OWNER,
    runId: RUN,
    slotUtc: SLOT,
    kind: 'full' as const,
    instanceId,
    parentId: made.parentId,
    ...said,
  };
  return { ...made, description: over.description ?? markerText({ ...facts, mac: macOf(facts) }) };
}

function judge(backups: readonly Backup[], known: readonly LedgerEntry[] = []) {
  const owned = withOwnership(backups, {
    owner: OWNER,
    storeBornUtc: BORN,
    ledger: new Map(known.map((entry) => [entry.runId, entry])),
    verify: (facts, mac) => macOf(facts) === mac,
  });
  return owned.map(({ id, ownership }) => `${id} ${ownership.kind}`);
}
const entry = (state: RunState, backupId: string | null = null): LedgerEntry => ({ runId: RUN, state, backupId });

describe('a backup with our marker and a right mac', () => {
  test.each<{ says: string; state: RunState; backupId: string | null; kind: string }>([
    { says: 'is ours when the ledger has it', state: 'running', backupId: 'b1', kind: 'managed' },
    { says: 'is ours when its run completed', state: 'completed', backupId: 'b1', kind: 'managed' },
    { says: 'is ours when its run failed with it', state: 'failed', backupId: 'b1', kind: 'managed' },
    { says: 'is ours while its answer is awaited', state: 'intent', backupId: null, kind: 'managed' },
    { says: 'is ours after its answer was lost', state: 'unknown', backupId: null, kind: 'managed' },
    { says: 'is ours after its run was given up, and revives it', state: 'failed', backupId: null, kind: 'managed' },
    { says: 'is a copy when the ledger has another', state: 'running', backupId: 'b0', kind: 'foreign' },
    { says: 'is a copy when another one completed', state: 'completed', backupId: 'b0', kind: 'foreign' },
    {
      says: 'is ours though the request seemed never to have arrived',
      state: 'claimed',
      backupId: null,
      kind: 'managed',
    },
    { says: 'is ours though its run was skipped', state: 'skipped', backupId: null, kind: 'managed' },
    { says: 'is ours though its run expired', state: 'expired', backupId: null, kind: 'managed' },
  ])('$says', ({ state, backupId, kind }) => {
    expect(judge([marked('b1')], [entry(state, backupId)])).toEqual([`b1 ${kind}`]);
  });

  test('is our history when its run is unknown and older than the store', () => {
    expect(judge([marked('b1', {}, { slotUtc: BORN - DAY })])).toEqual(['b1 managed']);
  });

  test.each([{ slotUtc: BORN }, { slotUtc: SLOT }])(
    'is a conflict when its run is unknown and younger than the store: $slotUtc',
    ({ slotUtc }) => {
      expect(judge([marked('b1', {}, { slotUtc })])).toEqual(['b1 conflict']);
    },
  );

  test('is told with its run and slot', () => {
    const input = { owner: OWNER, storeBornUtc: BORN, ledger: new Map([[RUN, entry('unknown')]]), verify: () => true };
    expect(withOwnership([marked('b1')], input)[0]?.ownership).toEqual({
      kind: 'managed',
      origin: 'scheduled',
      runId: RUN,
      slotUtc: SLOT,
    });
  });
});

describe('a marker proves nothing', () => {
  const ours = [entry('unknown')];
  test.each([
    {
      says: 'with a wrong mac',
      row: () => marked('b1', { description: marked('b1').description?.replace(/.$/, 'g') ?? '' }),
    },
    {
      says: 'with another mac',
      row: () => ({
        ...marked('b1'),
        description: (marked('b1').description ?? '').replace(/mac=.*/, 'mac=0000000000000000'),
      }),
    },
    { says: 'copied to another instance', row: () => ({ ...marked('b1'), instanceId: 'db-2' }) },
    { says: 'copied onto another parent', row: () => ({ ...marked('b1'), parentId: 'full' }) },
    { says: 'on a backup from another region', row: () => ({ ...marked('b1'), instanceId: null }) },
    {
      says: 'when its slot was altered',
      row: () => ({ ...marked('b1'), description: (marked('b1').description ?? '').replace('T22', 'T21') }),
    },
    {
      says: 'when its kind was altered',
      row: () => ({ ...marked('b1'), description: (marked('b1').description ?? '').replace('kind=full', 'kind=inc') }),
    },
  ])('$says', ({ row }) => {
    expect(judge([row()], ours)).toEqual(['b1 foreign']);
  });
});

test("another owner's marker is a conflict and names the owner, whatever its mac", () => {
  const others = marked('b1', {}, { owner: 'deadbeef' });
  const input = { owner: OWNER, storeBornUtc: BORN, ledger: new Map(), verify: () => false };
  expect(withOwnership([others], input)[0]?.ownership).toEqual({ kind: 'conflict', owner: 'deadbeef' });
});

test("a user's backup is foreign, with or without words of his", () => {
  expect(judge([backup('b1'), backup('b2', { description: 'before the upgrade' })])).toEqual([
    'b1 foreign',
    'b2 foreign',
  ]);
});

describe('of two backups with one marker', () => {
  const older = { createdUtc: SLOT };
  const newer = { createdUtc: SLOT + 1000 };

  test.each([
    {
      says: 'the older is ours',
      rows: [marked('b1', older), marked('b2', newer)],
      expected: ['b1 managed', 'b2 foreign'],
    },
    {
      says: 'the older is ours when listed last',
      rows: [marked('b2', newer), marked('b1', older)],
      expected: ['b2 foreign', 'b1 managed'],
    },
  ])('$says', ({ rows, expected }) => {
    expect(judge(rows, [entry('unknown')])).toEqual(expected);
  });

  test('the one in the ledger is ours even when a forged row looks older', () => {
    expect(judge([marked('b1', older), marked('b2', newer)], [entry('completed', 'b2')])).toEqual([
      'b1 foreign',
      'b2 managed',
    ]);
  });

  test('the older is ours also in a history from before the store', () => {
    const said = { slotUtc: BORN - DAY };
    expect(judge([marked('b2', newer, said), marked('b1', older, said)])).toEqual(['b2 foreign', 'b1 managed']);
  });
});
