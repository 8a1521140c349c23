import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LedgerFault } from '../../daemon/store/run-ledger.ts';
import { because, nextSlot, type RunState } from '../../lib/core/index.ts';
import { HOUR, MINUTE } from '../core/builders.ts';
import {
  byCadence,
  excluded,
  FULL,
  HOURLY,
  NOW,
  noMakeUp,
  openWorld,
  type RunRow,
  scheduled,
  type World,
} from './world.ts';

/** Where a run may go from each state: from an end nowhere, but back from the failure that was only given up. */
const MAY_BECOME: { readonly [S in RunState]: readonly RunState[] } = {
  claimed: ['intent', 'running', 'completed', 'failed', 'skipped', 'expired'],
  intent: ['claimed', 'unknown', 'running', 'completed', 'failed', 'skipped'],
  unknown: ['running', 'completed', 'failed'],
  running: ['completed', 'failed'],
  failed: ['running'],
  completed: [],
  skipped: [],
  credited: [],
  missed: [],
  expired: [],
  aborted: [],
};
const INSTANCES = [
  { id: 'db-1', projectId: 'project-a' },
  { id: 'db-2', projectId: 'project-a' },
  { id: 'db-3', projectId: 'project-b' },
] as const;
const CAPS = { concurrent: 2, perProject: 1 };
const done = because('backup-completed', {});

/** Calls of the ledger on one run, whatever state it is in: the store has to refuse what may not be. */
const ON_RUNS: Readonly<Record<string, (world: World, run: RunRow, nowUtc: number) => Promise<unknown>>> = {
  intent: async ({ ledger, runs }, { run_id, project_id }, nowUtc) => {
    if ((await ledger.recordIntent(run_id, FULL, nowUtc, CAPS)) === 'intended') {
      const places = runs().filter(({ state }) => state === 'intent' || state === 'running');
      expect(places.length).toBeLessThanOrEqual(CAPS.concurrent);
      expect(places.filter((other) => other.project_id === project_id)).toHaveLength(1);
    }
  },
  accepted: ({ ledger }, { run_id }, now) =>
    ledger.recordBackup(run_id, `backup-${run_id}`, because('accepted', {}), now),
  adopt: ({ ledger }, { run_id }, now) => ledger.adopt(run_id, `backup-${run_id}`, because('accepted', {}), now),
  lost: ({ ledger }, { run_id }, now) => ledger.recordUnknown(run_id, because('restarted', {}), now),
  later: ({ ledger }, { run_id }, now) => ledger.postpone(run_id, now + 5 * MINUTE, because('cap-reached', {}), now),
  complete: ({ ledger }, { run_id }, now) => ledger.end(run_id, { state: 'completed', because: done }, now),
  fail: ({ ledger }, { run_id }, now) => ledger.end(run_id, { state: 'failed', because: done }, now),
  revive: ({ ledger }, { run_id }, now) => ledger.revive(run_id, `backup-${run_id}`, now),
};

type Action =
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'claim' | 'crash' }
  | { readonly kind: 'see' | 'exclude' | 'bury'; readonly which: number }
  | { readonly kind: 'call'; readonly call: string; readonly back: number };
const which = fc.nat(INSTANCES.length - 1);
const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(1, 20, 60, 300) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('see' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('exclude' as const, 'bury' as const), which }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      call: fc.constantFrom(...Object.keys(ON_RUNS)),
      back: fc.nat(5),
    }),
  },
);

/** What the store must hold: for every instance the slots its schedule passed while it stood, each with one row. */
class Walk {
  world = openWorld();
  #nowUtc = NOW;
  /** Slots that lie behind the cursor, of schedules that stand and of those that ended. */
  readonly #passed = new Map<string, number[]>(INSTANCES.map(({ id }) => [id, []]));
  readonly #cursors = new Map<string, number>();

  async do(action: Action): Promise<void> {
    const before = this.world.runs();
    await this.#act(action);
    this.#check(before);
  }

  async #act(action: Action): Promise<void> {
    const nowUtc = this.#nowUtc;
    const { inventory, ledger, schedule } = this.world;
    const target = 'which' in action ? INSTANCES[action.which] : undefined;
    if (action.kind === 'pass') this.#nowUtc += action.minutes * MINUTE;
    if (action.kind === 'claim') {
      const advance = (id: string, by: typeof HOURLY, cursor: number) => byCadence(id, by, cursor, nowUtc);
      await schedule.claimDue({ nowUtc, limit: 10, caps: CAPS, advance, makeUp: noMakeUp });
    }
    if (action.kind === 'crash') {
      this.world.close();
      this.world = openWorld({ path: this.world.path });
      await this.world.ledger.recoverIntents(because('restarted', {}));
      expect((await this.world.ledger.openRuns()).every(({ intentUtc }) => intentUtc !== null)).toBe(true);
    }
    if (target && action.kind === 'see') {
      await inventory.saveSightings([scheduled(target, nextSlot(HOURLY.cadence, target.id, nowUtc))], nowUtc);
    }
    if (target && action.kind === 'exclude') await inventory.saveSightings([excluded(target)], nowUtc);
    if (target && action.kind === 'bury') {
      await inventory.entomb([{ instanceId: target.id, projectId: target.projectId }], nowUtc, false);
    }
    if (action.kind !== 'call') return;
    const rows = this.world.runs().toSorted((one, other) => other.slot_utc - one.slot_utc);
    const run = rows[action.back];
    if (!run) return;
    await ON_RUNS[action.call]?.({ ...this.world, ledger }, run, nowUtc)?.catch((error: unknown) => {
      if (!(error instanceof LedgerFault)) throw error;
    });
  }

  #check(before: readonly RunRow[]): void {
    const rows = this.world.runs();
    const byId = new Map(rows.map((row) => [row.run_id, row]));
    for (const was of before) {
      const is = byId.get(was.run_id);
      expect(is, 'a row never goes').toBeDefined();
      expect(is?.slot_utc, 'a run keeps its slot').toBe(was.slot_utc);
      if (is && is.state !== was.state) expect(MAY_BECOME[was.state], `${was.state} → ${is.state}`).toContain(is.state);
      if (was.backup_id !== null) expect(is?.backup_id, 'a run keeps its backup').toBe(was.backup_id);
    }
    expect(this.world.kept(), 'queues and tallies are as if counted').toEqual(this.world.counted());
    for (const { instance_id: id, active, next_slot_utc: cursor } of this.world.schedules()) {
      const known = this.#cursors.get(id);
      if (active === 1 && known !== undefined) this.#pass(id, known, cursor);
      if (active === 1) this.#cursors.set(id, cursor);
      else this.#cursors.delete(id);
      const slots = rows.filter(({ instance_id }) => instance_id === id).map(({ slot_utc }) => slot_utc);
      expect(slots, `every slot behind the cursor of ${id} has one row`).toEqual(this.#passed.get(id));
    }
  }

  #pass(id: string, from: number, to: number): void {
    for (let slot = from; slot < to; slot = nextSlot(HOURLY.cadence, id, slot)) this.#passed.get(id)?.push(slot);
  }
}

test('whatever is called in whatever order, with crashes between: no slot twice, none lost, no end undone', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(actions, { minLength: 20, maxLength: 60 }), async (all) => {
      const walk = new Walk();
      for (const target of [0, 1, 2]) await walk.do({ kind: 'see', which: target });
      await walk.do({ kind: 'pass', minutes: HOUR / MINUTE });
      for (const action of all) await walk.do(action);
      for (const { state } of walk.world.runs()) reached.add(state);
      walk.world.close();
    }),
    { numRuns: 40, seed: 20261122 },
  );
  const wanted = ['claimed', 'intent', 'unknown', 'running', 'completed', 'failed', 'skipped', 'missed', 'expired'];
  expect([...reached].sort()).toEqual(wanted.sort());
});
