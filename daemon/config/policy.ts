import { z } from 'zod';
import {
  CATCH_UPS,
  type Cadence,
  checkCadence,
  checkKeep,
  checkRetention,
  checkZone,
  InvalidInput,
  type Keep,
  NIGHT,
  type Policy,
  type Retention,
  WEEKDAYS,
} from '../../lib/core/index.ts';
import { durationSchema, parseDuration } from './durations.ts';
import { tenantMaySchema } from './tenant-may.ts';
import { windowSchema } from './window.ts';

const list = z.array(z.string().min(1)).default([]);
/** A bare name would match nothing, in silence: as an exclusion it would leave out nobody. */
const PROJECT = /^(?:[0-9a-f]{32,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|.+@.+)$/;
const project = z.string().regex(PROJECT, 'a project is its id, or name@domain such as scratch@Default');
/** Instances and projects have ids of the same forms. */
export const goneSchema = z.string().regex(PROJECT, 'is the id of a project or of an instance, or name@domain');
const projects = z.array(project).default([]);
export const selectorSchema = z.strictObject({ projects, datastores: list, names: list });

const zoneSchema = z.string().transform((name, context) => {
  try {
    return checkZone(name);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const HOUR = 3_600_000;

const keepSchema = z.strictObject({
  within: durationSchema.optional(),
  last: z.int().optional(),
  daily: z.int().optional(),
  weekly: z.int().optional(),
  monthly: z.int().optional(),
  yearly: z.int().optional(),
});

const fields = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, 'a policy name has 1 to 64 letters, digits, dots, dashes or underscores'),
  select: selectorSchema.prefault({}),
  every: z.string().optional(),
  cron: z.string().optional(),
  rrule: z.string().optional(),
  zone: zoneSchema.optional(),
  window: windowSchema.optional(),
  spread: durationSchema.optional(),
  full_every: durationSchema.default(7 * 24 * HOUR),
  full_on: z.enum(['spread', ...WEEKDAYS]).optional(),
  max_incrementals: z.int().min(0).max(1000).default(6),
  first_within: durationSchema.default(15 * 60_000),
  catch_up: z.enum(CATCH_UPS).optional(),
  keep: keepSchema.prefault({ within: '7d' }),
  minimum_fulls: z.int().default(1),
  on_delete: z
    .strictObject({ keep: durationSchema.default(7 * 24 * HOUR), last_chain: durationSchema.default(30 * 24 * HOUR) })
    .prefault({}),
  anchor: z.boolean().default(true),
  tenant_may: tenantMaySchema.optional(),
});
type Fields = z.output<typeof fields>;

/** Stops at the first thing that is wrong with a schedule: what follows would only repeat it. */
class Refusal extends Error {
  readonly path: readonly string[];
  constructor(path: readonly string[], message: string) {
    super(message);
    this.path = path;
  }
}

const FORMS = ['every', 'cron', 'rrule'] as const;

/** The one form that a policy uses. */
function formOf(policy: Fields): { readonly form: (typeof FORMS)[number]; readonly text: string } {
  const given = FORMS.flatMap((form) => {
    const text = policy[form];
    return text === undefined ? [] : [{ form, text }];
  });
  const [only, ...others] = given;
  if (only && others.length === 0) return only;
  const found = given.map(({ form }) => form).join(' and ');
  throw new Refusal([], `must have exactly one of every, cron and rrule; it has ${found || 'none'}`);
}

function everyCadence(every: string, { zone, window, spread }: Fields): Cadence {
  if (spread !== undefined) {
    throw new Refusal(['spread'], 'goes with cron or rrule; "every" spreads its slots over the window or the interval');
  }
  if (every === 'day' || every === 'week') {
    return { kind: 'calendar', unit: every, zone: zone ?? 'UTC', window: window ?? NIGHT };
  }
  const everyMs = parseDuration(every);
  if (everyMs === null || everyMs === 0) {
    throw new Refusal(['every'], `"${every}" is no interval; write day, week, or a duration such as 6h`);
  }
  if (window) return { kind: 'elapsed', everyMs, within: { zone: zone ?? 'UTC', window } };
  if (zone === undefined) return { kind: 'elapsed', everyMs };
  throw new Refusal(
    ['zone'],
    `has no meaning with "every: ${every}" around the clock; add a window, or remove the zone`,
  );
}

function cadenceOf(policy: Fields): Cadence {
  const { form, text } = formOf(policy);
  if (form === 'every') return everyCadence(text, policy);
  if (policy.window)
    throw new Refusal(['window'], `goes with "every"; ${form} names its times, and spread widens them`);
  const common = { zone: policy.zone ?? 'UTC', spreadMs: policy.spread ?? HOUR };
  return form === 'cron' ? { kind: 'cron', cron: text, ...common } : { kind: 'rrule', rrule: text, ...common };
}

function cadence(policy: Fields, context: z.RefinementCtx): Cadence {
  try {
    const made = cadenceOf(policy);
    if (made.kind === 'calendar' && made.unit === 'week' && policy.full_on !== undefined) {
      throw new Refusal(
        ['full_on'],
        'has no meaning with "every: week"; full_every says which of its backups are full',
      );
    }
    if (made.kind === 'elapsed' && !made.within && policy.catch_up !== undefined) {
      throw new Refusal(
        ['catch_up'],
        `has no meaning with "every: ${policy.every}" around the clock; add a window, or remove catch_up`,
      );
    }
    checkCadence(made);
    return made;
  } catch (error) {
    if (error instanceof Refusal) context.addIssue({ code: 'custom', path: [...error.path], message: error.message });
    else if (!(error instanceof InvalidInput)) throw error;
    else context.addIssue({ code: 'custom', path: [formOf(policy).form], message: error.message });
    return z.NEVER;
  }
}

/** Left out rather than undefined: a policy is compared with its stored form. */
function retention({ keep, minimum_fulls, on_delete, anchor }: Fields, context: z.RefinementCtx): Retention {
  const { within, ...counts } = keep;
  const given = Object.entries({ withinMs: within, ...counts }).filter(([, value]) => value !== undefined);
  const made: Retention = {
    keep: Object.fromEntries(given) as Keep,
    minimumFulls: minimum_fulls,
    onDelete: { keepMs: on_delete.keep, lastChainMs: on_delete.last_chain },
    anchor,
  };
  const refuses = (path: readonly string[], check: () => void): boolean => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      context.addIssue({ code: 'custom', path: [...path], message: error.message });
      return true;
    }
    return false;
  };
  if (!refuses(['keep'], () => checkKeep(made.keep))) refuses([], () => checkRetention(made));
  return made;
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
    retention: retention(policy, context),
    // Left out rather than undefined: a policy is compared with its stored form.
    ...(policy.full_on === undefined ? {} : { fullOn: policy.full_on }),
    ...(policy.catch_up === undefined || policy.catch_up === 'window' ? {} : { catchUp: policy.catch_up }),
    ...(policy.tenant_may && { tenantMay: policy.tenant_may }),
  }),
);
