import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR } from '../core/builders.ts';
import { type FleetStore, fleetStore, type Member } from './fleet.ts';
import { NOW } from './world.ts';

const IDS = ['a', 'b'] as const;
const member = (id: string): Member => ({
  ...{ id, projectId: 'p1', name: id, datastore: 'mysql', createdUtc: 0, goneUtc: null, policy: 'daily' },
  ...{ nextSlotUtc: NOW + HOUR, newestPointUtc: NOW, pausedUntilUtc: null },
});
interface Step {
  readonly kind: 'list' | 'insert' | 'end' | 'delete';
  readonly instance: (typeof IDS)[number];
  readonly ago: number;
}
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('list', 'insert', 'end', 'delete'),
    instance: fc.constantFrom(...IDS),
    ago: fc.nat(4),
  }),
  { maxLength: 25 },
);

/** Runs as the daemon writes them, and which there are, told by what was written alone. */
function writing({ db, put }: FleetStore) {
  const insert = db.prepare(`INSERT OR IGNORE INTO runs (run_id, instance_id, project_id, slot_utc, state, claimed_utc,
    not_before_utc) VALUES (?, ?, 'p1', ?, 'claimed', 0, 0)`);
  const end = db.prepare("UPDATE runs SET state = 'completed', ended_utc = 1 WHERE run_id = ?");
  const remove = db.prepare('DELETE FROM runs WHERE run_id = ?');
  const states = new Map<string, { readonly slotUtc: number; readonly state: string }>();
  const does: Readonly<Record<Step['kind'], (step: Step, id: string, slotUtc: number) => void>> = {
    list: ({ instance }) => put(member(instance)),
    insert({ instance }, id, slotUtc) {
      insert.run(id, instance, slotUtc);
      if (!states.has(id)) states.set(id, { slotUtc, state: 'claimed' });
    },
    end(_step, id, slotUtc) {
      end.run(id);
      if (states.has(id)) states.set(id, { slotUtc, state: 'completed' });
    },
    delete(_step, id) {
      remove.run(id);
      states.delete(id);
    },
  };
  return {
    take: (step: Step) => does[step.kind](step, `${step.instance}-${step.ago}`, NOW - step.ago * HOUR),
    newestOf(instance: string) {
      const own = [...states].filter(([id]) => id.startsWith(instance));
      const [newest] = own.sort(([, a], [, b]) => b.slotUtc - a.slotUtc);
      return newest ? { id: newest[0], ...newest[1] } : null;
    },
  };
}

test('whatever becomes of runs, in whatever order, the one that is shown is that of the newest slot', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const store = fleetStore();
      const { take, newestOf } = writing(store);
      for (const step of all) take(step);
      for (const id of IDS) {
        store.put(member(id));
        expect((await store.instance(id, 'p1', NOW))?.lastRun).toEqual(newestOf(id));
      }
      store.db.close();
    }),
    { numRuns: 50 },
  );
});
