import type { OverridesView, ScheduleChange, ScheduleView } from '../../http/contract/schedule.ts';
import { draftOf, FIELDS, type OverridesDraft } from './draft.ts';

export interface ScheduleDraft {
  readonly enabled: boolean;
  readonly overrides: OverridesDraft;
}

export const scheduleDraftOf = ({ enabled, overrides }: ScheduleView): ScheduleDraft => ({
  enabled,
  overrides: draftOf(overrides),
});

/** Whether two plain values say the same, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [ours, theirs] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].every((key) => isSame(ours[key], theirs[key]));
}

/** Exactly what changes: null takes a value back to the policy's. */
export function patchOf(base: ScheduleView, enabled: boolean, overrides: OverridesView): ScheduleChange {
  const patch: Record<string, unknown> = {};
  if (enabled !== base.enabled) patch['enabled'] = enabled;
  for (const field of FIELDS) {
    const [was, is] = [base.overrides[field], overrides[field]];
    if (!isSame(was, is)) patch[field] = is ?? null;
  }
  return patch as ScheduleChange;
}

export const isEmpty = (patch: ScheduleChange): boolean => Object.keys(patch).length === 0;

/** The draft upon a schedule that somebody else changed meanwhile: what was not touched here becomes what it is there. */
export function rebased(draft: ScheduleDraft, from: ScheduleView, to: ScheduleView): ScheduleDraft {
  const [was, is] = [scheduleDraftOf(from), scheduleDraftOf(to)];
  const overrides = { ...draft.overrides } as Record<string, unknown>;
  for (const field of FIELDS) {
    if (isSame(draft.overrides[field], was.overrides[field])) overrides[field] = is.overrides[field];
  }
  return {
    enabled: draft.enabled === was.enabled ? is.enabled : draft.enabled,
    overrides: overrides as unknown as OverridesDraft,
  };
}

/** What somebody else changed meanwhile, by the names of the values. */
export function changedMeanwhile(from: ScheduleView, to: ScheduleView): readonly string[] {
  const fields = Object.keys(to.values).filter(
    (field) =>
      !isSame(from.values[field as keyof ScheduleView['values']], to.values[field as keyof ScheduleView['values']]),
  );
  const more = [
    ...(from.enabled === to.enabled ? [] : ['enabled']),
    ...(isSame(from.pause, to.pause) ? [] : ['pause']),
    ...(from.policy === to.policy ? [] : ['policy']),
  ];
  return [...fields, ...more];
}
