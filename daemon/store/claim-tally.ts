import { because } from '../../lib/core/index.ts';
import type { Claim, ClaimResult, EndedRun, Hastened, MissedSlots } from '../ports/schedule.ts';
import type { Due, Onward } from './onward.ts';

/** Why a slot had no start in its window though the service was there. */
export const NO_PLACE = because('window-ended', { held: because('cap-reached', {}) });

const some = ({ slots }: MissedSlots): boolean => slots > 0;

/** What one claim does, and how many rows it has written by then. */
export interface Tally {
  rows(): number;
  claimed(): number;
  ended(runs: readonly EndedRun[]): void;
  /** A schedule went on: what passed, and what makes up for it. */
  passed(row: Due, advanced: Onward): void;
  /** Notes a run, and gives whether it takes a place. */
  came(run: Claim, advanced: Onward): boolean;
  result(more: boolean): ClaimResult;
}

export function createTally(late: Pick<ClaimResult, 'ended' | 'hastened'>): Tally {
  const claimed: Claim[] = [];
  const ended: EndedRun[] = [...late.ended];
  const hastened: Hastened[] = [...late.hastened];
  const missed: MissedSlots[] = [];
  const unusable: EndedRun[] = [];
  let passed = 0;
  return {
    rows: () => claimed.length + ended.length + unusable.length + passed,
    claimed: () => claimed.length,
    ended: (runs) => void ended.push(...runs),
    passed({ instance_id: instanceId, project_id: projectId }, { missed: slots, ...advanced }) {
      passed += slots.length;
      missed.push({ instanceId, projectId, slots: slots.length });
      const { makesUpFor: slotUtc, expired, nextUtc: nextSlotUtc } = advanced;
      if (slotUtc === undefined) return;
      const by = expired === undefined ? because('missed', {}) : NO_PLACE;
      hastened.push({ instanceId, projectId, nextSlotUtc, because: because('makes-up-for', { slotUtc, by }) });
    },
    came(run, { due, unusable: reason }) {
      if (due === null) ended.push({ ...run, because: NO_PLACE });
      else if (reason) unusable.push({ ...run, because: reason });
      else claimed.push(run);
      return due !== null && !reason;
    },
    result: (more) => ({ claimed, missed: missed.filter(some), ended, hastened, unusable, more }),
  };
}
