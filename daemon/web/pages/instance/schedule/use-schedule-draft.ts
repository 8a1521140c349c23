import type { ScheduleView } from '../../../../http/contract/schedule.ts';
import { useDraft } from '../../../app/draft.ts';
import type { OverridesDraft } from '../../../schedule/draft.ts';
import {
  changedMeanwhile,
  isEmpty,
  patchOf,
  rebased,
  type ScheduleDraft,
  scheduleDraftOf,
} from '../../../schedule/patch.ts';
import { isZone, UNBOUND, write } from '../../../schedule/written.ts';

interface Stored extends ScheduleDraft {
  /** As it was when the first letter was typed; null: nothing was. */
  readonly from: ScheduleView | null;
}

/** What somebody types of a schedule, that may change underneath him. It outlives the form. */
export function useScheduleDraft(schedule: ScheduleView) {
  const stored: Stored = { ...scheduleDraftOf(schedule), from: null };
  const draft = useDraft<Stored>(`schedule.${schedule.instance_id}`, stored);
  const { from, enabled, overrides } = draft.value;
  const base = from ?? schedule;
  const written = write(overrides, schedule.tenant_may ?? UNBOUND, isZone);
  const hasProblem = Object.keys(written.problems).length > 0;
  const patch = patchOf(base, enabled, written.overrides);
  const set = (change: Partial<ScheduleDraft>): void => draft.set({ ...change, from: base });
  return {
    enabled,
    overrides,
    problems: written.problems,
    /** null: something is to be mended first. */
    patch: hasProblem ? null : patch,
    isDirty: hasProblem || !isEmpty(patch),
    /** What somebody else changed since. */
    meanwhile: changedMeanwhile(base, schedule),
    setEnabled: (next: boolean) => set({ enabled: next }),
    setOverrides: (change: Partial<OverridesDraft>) => set({ overrides: { ...overrides, ...change } }),
    /** Goes on with what was typed, upon what is there now. */
    goOn: () => draft.set({ ...rebased({ enabled, overrides }, base, schedule), from: schedule }),
    discard: draft.reset,
  };
}
