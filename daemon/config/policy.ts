import { z } from 'zod';
import { type Cadence, checkZone, InvalidInput, type Policy } from '../../lib/core/index.ts';
import { durationSchema, parseDuration } from './durations.ts';
import { windowSchema } from './window.ts';

const list = z.array(z.string().min(1)).default([]);
export const selectorSchema = z.strictObject({ projects: list, datastores: list, names: list });

const zoneSchema = z.string().transform((name, context) => {
  try {
    return checkZone(name);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const NIGHT = { startMinute: 22 * 60, endMinute: 6 * 60 };

const fields = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, 'a policy name has 1 to 64 letters, digits, dots, dashes or underscores'),
  select: selectorSchema.prefault({}),
  every: z.string(),
  zone: zoneSchema.optional(),
  window: windowSchema.optional(),
  full_every: durationSchema.default(7 * 86_400_000),
  max_incrementals: z.int().min(0).max(1000).default(6),
  first_within: durationSchema.default(15 * 60_000),
});

function cadence({ every, zone, window }: z.output<typeof fields>, context: z.RefinementCtx): Cadence {
  if (every === 'day' || every === 'week') {
    return { kind: 'calendar', unit: every, zone: zone ?? 'UTC', window: window ?? NIGHT };
  }
  const everyMs = parseDuration(every);
  if (everyMs === null || everyMs === 0) {
    const message = `"${every}" is no interval; write day, week, or a duration such as 6h`;
    context.addIssue({ code: 'custom', path: ['every'], message });
    return z.NEVER;
  }
  if (zone !== undefined || window !== undefined) {
    const message = `zone and window go with "every: day" or "every: week"; "every: ${every}" runs around the clock`;
    context.addIssue({ code: 'custom', message });
  }
  return { kind: 'elapsed', everyMs };
}

/** One entry of `policies`, as lib/core takes it. */
export const policySchema = fields.transform(
  (policy, context): Policy => ({
    name: policy.name,
    select: policy.select,
    cadence: cadence(policy, context),
    fullEveryMs: policy.full_every,
    maxIncrementals: policy.max_incrementals,
    firstWithinMs: policy.first_within,
  }),
);
