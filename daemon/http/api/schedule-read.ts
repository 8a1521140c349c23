import type { Keep, Overrides, Window } from '../../../lib/core/index.ts';
import type { OverridesView } from '../contract/schedule.ts';
import { readDuration } from './view.ts';

function readWindow(text: string): Window {
  const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = text.split(/[:-]/).map(Number);
  return { startMinute: startHour * 60 + startMinute, endMinute: endHour * 60 + endMinute };
}

function readKeep({ within, ...counts }: NonNullable<OverridesView['keep']>): Keep {
  const given = Object.entries({ withinMs: within === undefined ? undefined : readDuration(within), ...counts });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Keep;
}

/** Overrides as lib/core takes them. */
export function readOverrides({ every, window, zone, keep }: OverridesView): Overrides {
  return {
    ...(every === undefined ? {} : { every: every === 'day' || every === 'week' ? every : readDuration(every) }),
    ...(window === undefined ? {} : { window: readWindow(window) }),
    ...(zone === undefined ? {} : { zone }),
    ...(keep && { keep: readKeep(keep) }),
  };
}
