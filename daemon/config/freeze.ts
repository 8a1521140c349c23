import { z } from 'zod';
import type { Freeze } from '../../lib/core/index.ts';

const DAY = 86_400_000;
const FORM = 'write a local date such as 2026-12-24, or an instant such as 2026-12-24T22:00:00Z';

type Edge = { readonly kind: 'days'; readonly day: number } | { readonly kind: 'instants'; readonly utc: number };

const edge = z.string().transform((text, context): Edge => {
  const [, date = '', time = ''] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?Z)?$/.exec(text) ?? [];
  const midnight = Date.parse(date);
  // The calendar has no such day where reading it rolls over into the next month.
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  const utc = Date.parse(date + time);
  if (exists && !Number.isNaN(utc)) {
    return time === '' ? { kind: 'days', day: midnight / DAY } : { kind: 'instants', utc };
  }
  context.addIssue({ code: 'custom', message: `"${text}" is no date; ${FORM}` });
  return z.NEVER;
});

/** One entry of `freeze`, as lib/core takes it. */
export const freezeSchema = z
  .strictObject({ from: edge, to: edge, reason: z.string().min(1) })
  .transform(({ from, to, reason }, context): Freeze => {
    if (from.kind === 'days' && to.kind === 'days') {
      if (from.day <= to.day) return { kind: 'days', fromDay: from.day, toDay: to.day, reason };
    } else if (from.kind === 'instants' && to.kind === 'instants') {
      if (from.utc < to.utc) return { kind: 'instants', fromUtc: from.utc, toUtc: to.utc, reason };
    } else {
      context.addIssue({ code: 'custom', message: 'from and to must both be local dates, or both instants' });
      return z.NEVER;
    }
    context.addIssue({ code: 'custom', path: ['to'], message: 'must not be before from; swap the two' });
    return z.NEVER;
  });
