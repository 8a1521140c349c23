import { z } from 'zod';
import type { Window } from '../../lib/core/index.ts';

/** `22:00-06:00` → minutes after local midnight. */
export const windowSchema = z.string().transform((text, context): Window => {
  const found = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!found) {
    context.addIssue({ code: 'custom', message: `"${text}" is no window; write it as 22:00-06:00` });
    return z.NEVER;
  }
  const [, startHour, startMinute, endHour, endMinute] = found.map(Number);
  const window = { startMinute: at(startHour, startMinute), endMinute: at(endHour, endMinute) };
  if (window.startMinute !== window.endMinute) return window;
  context.addIssue({ code: 'custom', message: `"${text}" has no length; for a whole day write 00:00-23:59` });
  return z.NEVER;
});

const at = (hour = 0, minute = 0): number => hour * 60 + minute;
