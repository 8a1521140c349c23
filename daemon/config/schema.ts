import { z } from 'zod';
import { checkOrder, duration, InvalidInput, shortestGapMs } from '../../lib/core/index.ts';
import { durationSchema } from './durations.ts';
import { freezeSchema } from './freeze.ts';
import { httpSchema } from './http.ts';
import { keystoneSchema } from './keystone.ts';
import { goneSchema, policySchema, selectorSchema } from './policy.ts';
import { oneSecret, Secret, secretFileSchema, secretSchema } from './secret.ts';
import { shareSchema } from './share.ts';
import { url } from './url.ts';

const HOUR = 3_600_000;
const text = z.string().min(1);

/** Userinfo that cannot be decoded would fail at every connection, far from here. */
const decodes = (value: string): boolean => {
  const { username = '', password = '' } = URL.parse(value) ?? {};
  return !/%(?![0-9a-f]{2})/i.test(username + password);
};

const broker = url(/^amqps?$/, 'amqp://user:password@rabbit.example:5672/').refine(
  decodes,
  'has a "%" in its user or password that encodes nothing; write it as %25',
);
function checkBroker(secret: Secret, context: z.RefinementCtx): void {
  // Zod comes here with what was refused before, too.
  if (!(secret instanceof Secret)) return;
  for (const { message } of broker.safeParse(secret.reveal()).error?.issues ?? []) {
    context.addIssue({ code: 'custom', message });
  }
}

const NO_BUS = 'missing; describe the bus, or write "bus: null" to go without one';

/** Paths of PEM files. */
const busTls = z
  .strictObject({
    ca: text.optional(),
    cert: text.optional(),
    key: text.optional(),
    server_name: text.optional(),
  })
  .refine(({ cert, key }) => !cert === !key, 'cert and key go together; give both, or neither');

const busFields = {
  url: secretSchema.superRefine(checkBroker).optional(),
  url_file: secretFileSchema.superRefine(checkBroker).optional(),
  urls: z.array(secretSchema.superRefine(checkBroker)).min(1).max(64).optional(),
  tls: busTls.optional(),
  exchange: text.default('trove'),
  topic: text.default('notifications'),
  queue: text.default('autobackup'),
  declare: z.enum(['never', 'durable', 'transient']).default('never'),
};
const bus = z
  .strictObject(busFields, { error: (issue) => (issue.input === undefined ? NO_BUS : undefined) })
  .transform(({ url: inline, url_file: file, urls: several, tls, ...rest }, context) => {
    const refuse = (key: string, message: string): never => {
      context.addIssue({ code: 'custom', path: [key], message });
      return z.NEVER;
    };
    if (several && (inline || file)) return refuse('urls', 'goes in the place of url; give one of the two');
    const urls = several ?? [oneSecret('url', { inline, file }, context)];
    if (tls && urls.some((url) => !url?.reveal().startsWith('amqps:')))
      return refuse('tls', 'is for amqps:// urls alone; write each url with amqps, or take tls out');
    return { ...rest, urls, tls };
  });

/** None would be a loop that never rests. */
const pause = durationSchema.refine((ms) => ms >= 1_000, 'must be at least 1s');

const reconcile = z.strictObject({
  every: pause.default(600_000),
  vanish: shareSchema.prefault('5%'),
  confirm_gone: z.array(goneSchema).default([]),
});

const limits = z.strictObject({
  minimum_interval: durationSchema.default(HOUR),
  concurrent: z.int().min(1).max(10_000).default(20),
  concurrent_per_project: z.int().min(1).max(10_000).default(4),
  /** Of each project's rate limit of Trove; the rest is its users'. */
  tenant_api_share: shareSchema.refine((share) => share >= 0.01, 'must be at least 1%').prefault('25%'),
});

export const configSchema = z
  .strictObject({
    mode: z.enum(['enforce', 'observe']).default('enforce'),
    enrol_over: durationSchema.default(7 * 24 * HOUR),
    stuck_after: pause.default(2 * HOUR),
    keystone: keystoneSchema,
    /** null: no bus; new instances are found by the periodic look alone. */
    bus: bus.nullable(),
    store: z
      .strictObject({
        path: text.default('/var/lib/trove-autobackup/autobackup.sqlite'),
        key_file: text.default('/var/lib/trove-autobackup/marker.key'),
      })
      .prefault({}),
    http: httpSchema.prefault({}),
    reconcile: reconcile.prefault({}),
    limits: limits.prefault({}),
    prune: z
      .strictObject({
        every: pause.default(HOUR),
        grace: durationSchema.default(24 * HOUR),
        quarantine: durationSchema.default(24 * HOUR),
        looked_at: z.array(z.string().min(1)).default([]),
      })
      .prefault({}),
    quota: z
      .strictObject({
        on_shortage: z.enum(['adapt', 'refuse', 'tell']).default('adapt'),
        reserve: z.int().min(0).max(1000).default(1),
      })
      .prefault({}),
    log: z.strictObject({ level: z.enum(['info', 'warn', 'error']).default('info') }).prefault({}),
    exclude: selectorSchema.prefault({}),
    freeze: z.array(freezeSchema).default([]),
    policies: z.array(policySchema).min(1),
  })
  .superRefine(({ policies, limits: { minimum_interval: minimum } }, context) => {
    // Zod comes here with half a policy too, where a part of it was refused for its form.
    if (context.issues.length > 0) return;
    for (const [index, { name, cadence, tenantMay }] of policies.entries()) {
      if (policies.findIndex((other) => other.name === name) !== index) {
        const message = `"${name}" is used twice; give each policy a name of its own`;
        context.addIssue({ code: 'custom', path: ['policies', index, 'name'], message });
      }
      const most = tenantMay?.every ?? null;
      if (most !== null && most < minimum) {
        const message = `is less than limits.minimum_interval, ${duration(minimum)}; write ">=${duration(minimum)}" or more`;
        context.addIssue({ code: 'custom', path: ['policies', index, 'tenant_may', 'every'], message });
      }
      const shortest = shortestGapMs(cadence);
      if (shortest < minimum) {
        const key = cadence.kind === 'cron' || cadence.kind === 'rrule' ? cadence.kind : 'every';
        const less = `less than limits.minimum_interval, ${duration(minimum)}`;
        const message = `policy "${name}" has slots ${duration(shortest)} apart, ${less}; widen "${key}" or lower that limit`;
        context.addIssue({ code: 'custom', path: ['policies', index, key], message });
      }
    }
    try {
      checkOrder(policies);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      context.addIssue({ code: 'custom', path: ['policies'], message: error.message });
    }
  });

/** The whole configuration, checked; every duration in milliseconds, every secret masked. */
export type Config = z.output<typeof configSchema>;
