import type { z } from 'zod';
import type { ScheduleChange, ShownSchedule } from '../../ports/schedules.ts';
import { readOverrides } from '../api/schedule-read.ts';
import { type OverridesView, overridesSchema, type schedulePatch } from '../contract/schedule.ts';
import { viewOverrides } from '../views/schedule.ts';

type Patch = z.output<typeof schedulePatch>;

/** What is said with a patch: null takes a value back. */
export function patched(shown: ShownSchedule, { every, window, zone, keep, enabled }: Patch): ScheduleChange['said'] {
  const merged = { ...viewOverrides(shown.overrides), ...defined({ every, window, zone, keep }) };
  const said = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  return { enabled: enabled ?? shown.saysEnabled, overrides: readOverrides(overridesSchema.parse(said)) };
}
const defined = (values: Readonly<Record<keyof OverridesView, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** In whose name. */
export function pauseOf({ pause }: Patch, owner: string): Pick<ScheduleChange, 'pause'> {
  if (pause === undefined) return {};
  return { pause: pause && { untilUtc: Date.parse(pause.until_at), owner, note: pause.note } };
}

/** What is said by members, without what follows from it. */
export const saidBy = ({ enabled, overrides, pause }: ShownSchedule) => ({
  enabled,
  overrides: viewOverrides(overrides),
  pause,
});
