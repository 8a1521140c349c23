import { beforeEach, describe, expect, test } from 'vitest';
import { LedgerFault } from '../../daemon/store/run-ledger.ts';
import { because, type EndState, type RunState } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { claim, claimOne, excluded, FULL, NOW, openWorld, readyIn, runningOne, WIDE, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = openWorld();
});
const lost = because('answer-lost', { detail: 'socket hang up' });
const done = because('backup-completed', {});
const gaveUp = because('outcome-unknown', { afterMs: DAY });
const accepted = because('accepted', {});

const ENDS: readonly RunState[] = ['completed', 'failed', 'skipped', 'credited', 'missed', 'expired', 'aborted'];

/** A run brought to a state by the calls that lead there. */
async function runIn(state: RunState): Promise<string> {
  const { ledger } = world;
  const runId = await claimOne(world);
  const noRequest: readonly RunState[] = ['claimed', 'skipped', 'missed', 'expired'];
  if (!noRequest.includes(state)) await ledger.recordIntent(runId, FULL, NOW, WIDE);
  if (ENDS.includes(state)) await ledger.end(runId, { state: state as EndState, because: gaveUp }, NOW);
  if (state === 'running') await ledger.recordBackup(runId, 'backup-1', accepted, NOW);
  if (state === 'unknown') await ledger.recordUnknown(runId, lost, NOW);
  expect(world.runs()[0]?.state).toBe(state);
  return runId;
}
const ALL = [
  'claimed',
  'intent',
  'unknown',
  'running',
  'completed',
  'failed',
  'skipped',
  'credited',
  'missed',
  'expired',
  'aborted',
] as const;
const calls: Readonly<Record<string, (runId: string) => Promise<unknown>>> = {
  recordIntent: async (runId) => (await world.ledger.recordIntent(runId, FULL, NOW, WIDE)) === 'intended',
  recordBackup: (runId) => world.ledger.recordBackup(runId, 'backup-2', accepted, NOW).then(() => true),
  adopt: (runId) => world.ledger.adopt(runId, 'backup-2', because('adopted', { backup: 'backup-2' }), NOW),
  recordUnknown: (runId) => world.ledger.recordUnknown(runId, lost, NOW).then(() => true),
  postpone: async (runId) => (await world.ledger.postpone(runId, NOW + MINUTE, lost, NOW)).kind === 'waiting',
  end: (runId) => world.ledger.end(runId, { state: 'failed', because: lost }, NOW + MINUTE),
  revive: (runId) => world.ledger.revive(runId, 'backup-2', NOW),
};

describe.each<{ call: string; from: readonly RunState[]; to: RunState; throws: boolean }>([
  { call: 'recordIntent', from: ['claimed'], to: 'intent', throws: false },
  { call: 'recordBackup', from: ['claimed', 'intent', 'unknown'], to: 'running', throws: true },
  { call: 'adopt', from: ['claimed', 'intent', 'unknown'], to: 'running', throws: false },
  { call: 'recordUnknown', from: ['intent'], to: 'unknown', throws: true },
  { call: 'postpone', from: ['claimed', 'intent'], to: 'claimed', throws: false },
  { call: 'end', from: ['claimed', 'intent', 'unknown', 'running'], to: 'failed', throws: false },
  { call: 'revive', from: ['failed'], to: 'running', throws: false },
])('$call', ({ call, from, to, throws }) => {
  test.each(ALL.map((state) => ({ state, goes: from.includes(state) })))(
    'from $state goes: $goes',
    async ({ state, goes }) => {
      const runId = await runIn(state);
      const before = world.runs();
      const result = calls[call]?.(runId) ?? Promise.reject(new Error(call));
      if (goes) {
        expect(await result).toBe(true);
        expect(world.runs()).toMatchObject([{ state: to }]);
        return;
      }
      if (throws) await expect(result).rejects.toThrow(LedgerFault);
      else expect(await result).toBe(false);
      expect(world.runs()).toEqual(before);
    },
  );
});

test('the first end of a run stands, with its reason and time', async () => {
  const runId = await runningOne(world, 'backup-1');
  expect(await world.ledger.end(runId, { state: 'completed', because: done }, NOW + MINUTE)).toBe(true);
  expect(await world.ledger.end(runId, { state: 'failed', because: lost }, NOW + HOUR)).toBe(false);
  expect(await world.ledger.postpone(runId, NOW + HOUR, lost, NOW)).toEqual({ kind: 'overtaken' });
  expect(world.runs()).toMatchObject([
    { state: 'completed', because: JSON.stringify(done), backup_id: 'backup-1', ended_utc: NOW + MINUTE },
  ]);
});

test('an intent of a run that expired meanwhile is overtaken: nothing may be sent', async () => {
  const runId = await claimOne(world);
  await claim(world, NOW + HOUR);
  expect(await world.ledger.recordIntent(runId, FULL, NOW + HOUR, WIDE)).toBe('overtaken');
});

test('an intent of a run that was excluded meanwhile is overtaken', async () => {
  const runId = await claimOne(world);
  await world.inventory.saveSightings([excluded({})], NOW);
  expect(await world.ledger.recordIntent(runId, FULL, NOW, WIDE)).toBe('overtaken');
});

test('a try that comes to nothing after its instance was excluded or went is not taken up again', async () => {
  for (const [id, leave, reason] of [
    ['db-1', () => world.inventory.saveSightings([excluded({ id: 'db-1' })], NOW), because('no-policy', {})],
    [
      'db-2',
      () => world.inventory.entomb([{ instanceId: 'db-2', projectId: 'project-a' }], NOW, false),
      because('instance-gone', {}),
    ],
  ] as const) {
    const runId = await claimOne(world, NOW, { id });
    await world.ledger.recordIntent(runId, FULL, NOW, WIDE);
    await leave();
    const postponed = await world.ledger.postpone(runId, NOW + HOUR, lost, NOW + MINUTE);
    expect(postponed).toEqual({ kind: 'skipped', because: reason });
    const row = world.runs().find(({ run_id }) => run_id === runId);
    expect(row).toMatchObject({ state: 'skipped', because: JSON.stringify(reason), ended_utc: NOW + MINUTE });
  }
  expect(await readyIn(world, NOW + DAY)).toEqual([]);
});

test('an intent is on the disk when it resolves, with what was to be sent', async () => {
  const runId = await claimOne(world);
  const intent = { kind: 'incremental', parentId: 'full-1', because: done } as const;
  await world.ledger.recordIntent(runId, intent, NOW + 5, WIDE);
  expect(world.runs()).toMatchObject([
    {
      state: 'intent',
      kind: 'incremental',
      parent_id: 'full-1',
      kind_because: JSON.stringify(done),
      intent_utc: NOW + 5,
    },
  ]);
});

test('intents that a stopped process left become unknown and are followed; the rest stay as they are', async () => {
  const ids = { open: 'db-1', sent: 'db-2', waits: 'db-3' };
  const left = await claimOne(world, NOW, { id: ids.open });
  await world.ledger.recordIntent(left, FULL, NOW, WIDE);
  await runningOne(world, 'backup-2', NOW, { id: ids.sent });
  await claimOne(world, NOW, { id: ids.waits });
  world.close();
  world = openWorld({ path: world.path });
  const restarted = because('restarted', {});
  expect(await world.ledger.recoverIntents(restarted)).toHaveLength(1);
  expect(await world.ledger.recoverIntents(restarted)).toEqual([]);
  expect(world.runs().map(({ state }) => state)).toEqual(['unknown', 'running', 'claimed']);
  const open = await world.ledger.openRuns();
  expect(open.toSorted((one, other) => one.instanceId.localeCompare(other.instanceId))).toMatchObject([
    {
      id: left,
      state: 'unknown',
      backupId: null,
      intentUtc: NOW,
      instanceId: 'db-1',
      projectId: 'project-a',
      slotUtc: NOW,
    },
    { state: 'running', backupId: 'backup-2' },
  ]);
});

test('a run that was given up is open again with its backup, and may complete', async () => {
  const runId = await runIn('unknown');
  await world.ledger.end(runId, { state: 'failed', because: gaveUp }, NOW + DAY);
  expect(await world.ledger.revive(runId, 'backup-1', NOW + 2 * DAY)).toBe(true);
  expect(await world.ledger.openRuns()).toMatchObject([{ id: runId, state: 'running', backupId: 'backup-1' }]);
  expect(await world.ledger.end(runId, { state: 'completed', because: done }, NOW + 2 * DAY)).toBe(true);
});

test('a run whose request was never sent has no backup to be revived by', async () => {
  const runId = await claimOne(world);
  await world.ledger.end(runId, { state: 'failed', because: gaveUp }, NOW);
  expect(await world.ledger.revive(runId, 'backup-1', NOW)).toBe(false);
});

test('a run that failed with its backup is not open again for another', async () => {
  const runId = await runningOne(world, 'backup-1');
  await world.ledger.end(runId, { state: 'failed', because: because('backup-failed', { status: 'FAILED' }) }, NOW);
  expect(await world.ledger.revive(runId, 'backup-2', NOW)).toBe(false);
});

test('the ledger tells of the runs it is asked for and knows', async () => {
  const runId = await runningOne(world, 'backup-1');
  const waits = await claimOne(world, NOW, { id: 'db-2' });
  expect(await world.ledger.ledger([runId, 'never-made', waits])).toEqual(
    new Map([
      [runId, { runId, state: 'running', backupId: 'backup-1' }],
      [waits, { runId: waits, state: 'claimed', backupId: null }],
    ]),
  );
  expect(await world.ledger.ledger([])).toEqual(new Map());
});
