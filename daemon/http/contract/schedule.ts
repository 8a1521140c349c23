import { z } from 'zod';
import { durationSchema, idSchema, instantSchema, reasonSchema } from './common.ts';

/** `22:00-06:00`, by the clocks of the zone. */
export const windowSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'is no window; write it as 22:00-06:00');

const count = z.int().min(1).max(10_000);
export const keepSchema = z
  .strictObject({
    within: durationSchema.optional(),
    last: count.optional(),
    daily: count.optional(),
    weekly: count.optional(),
    monthly: count.optional(),
    yearly: count.optional(),
  })
  .meta({ id: 'Keep' });

/** What a policy says; exactly one of `every`, `cron` and `rrule` is not null. */
export const valuesSchema = z
  .object({
    every: z.string().nullable().meta({ description: 'day, week, or an ISO 8601 duration' }),
    cron: z.string().nullable(),
    rrule: z.string().nullable(),
    zone: z.string().nullable(),
    window: windowSchema.nullable(),
    spread: durationSchema.nullable(),
    full_every: durationSchema,
    full_on: z.string().nullable(),
    max_incrementals: z.int(),
    first_within: durationSchema,
    catch_up: z.enum(['window', 'late', 'now']),
    keep: keepSchema.nullable().meta({ description: 'null: nothing is ever deleted' }),
    minimum_fulls: z.int(),
    on_delete: z.object({ keep: durationSchema, last_chain: durationSchema }).nullable(),
    anchor: z.boolean(),
  })
  .meta({ id: 'PolicyValues' });
export type PolicyValues = z.output<typeof valuesSchema>;

/** What a tenant may set for himself; what is left out stays as the layer below has it. */
export const overridesSchema = z
  .strictObject({
    every: z.union([z.enum(['day', 'week']), durationSchema]).optional(),
    window: windowSchema.optional(),
    zone: z.string().min(1).max(64).optional(),
    keep: keepSchema.optional(),
  })
  .meta({ id: 'Overrides' });
export type OverridesView = z.output<typeof overridesSchema>;

/** The operator's bounds; null: it may not be set at all. */
export const tenantMaySchema = z
  .object({
    window: z.boolean(),
    zone: z.boolean(),
    every: durationSchema.nullable().meta({ description: 'No more often than this' }),
    keep: durationSchema.nullable().meta({ description: 'At least as long as this' }),
    opt_out: z.boolean(),
    pause: durationSchema.nullable().meta({ description: 'No longer than this' }),
  })
  .meta({ id: 'TenantMay' });
export type TenantMayView = z.output<typeof tenantMaySchema>;

/** Where a value comes from, the nearest that says something. */
export const sourceSchema = z
  .object({
    layer: z.enum(['operator', 'project', 'instance', 'quota']),
    policy: z.string().nullable().meta({ description: 'The name of the policy, of operator and project' }),
  })
  .meta({ id: 'Source' });
export type SourceView = z.output<typeof sourceSchema>;

export const pauseSchema = z
  .object({ until_at: instantSchema, owner: z.string(), note: z.string() })
  .meta({ id: 'Pause' });

export const slotSchema = z
  .object({
    at: instantSchema,
    local: z.string().meta({ description: 'As clocks of the zone show it' }),
    zone: z.string(),
    kind: z
      .enum(['full', 'incremental'])
      .nullable()
      .meta({ description: 'If nothing fails until then; null: not told' }),
    because: reasonSchema.nullable(),
    notes: z.array(reasonSchema).meta({ description: 'Such as clocks that are put forward or back' }),
  })
  .meta({ id: 'SlotToCome' });
export type SlotToCome = z.output<typeof slotSchema>;

export const scheduleSchema = z
  .object({
    instance_id: idSchema,
    enabled: z.boolean().meta({ description: 'false: its tenant opted out' }),
    policy: z.string(),
    values: valuesSchema,
    sources: z.record(z.string(), sourceSchema).meta({ description: 'By the name of the value' }),
    overrides: overridesSchema,
    tenant_may: tenantMaySchema,
    pause: pauseSchema.nullable(),
    next_slot_at: instantSchema.nullable(),
    because: z.array(reasonSchema).meta({ description: 'Why it has this policy' }),
  })
  .meta({ id: 'Schedule' });
export type ScheduleView = z.output<typeof scheduleSchema>;
export const scheduleAnswer = z.object({ schedule: scheduleSchema }).meta({ id: 'ScheduleAnswer' });

export const slotsAnswer = z.object({ slots: z.array(slotSchema).max(10) }).meta({ id: 'SlotsAnswer' });

/** null takes a value back to the policy's. */
export const schedulePatch = z
  .strictObject({
    enabled: z.boolean().optional(),
    every: overridesSchema.shape.every.unwrap().nullable().optional(),
    window: windowSchema.nullable().optional(),
    zone: overridesSchema.shape.zone.unwrap().nullable().optional(),
    keep: keepSchema.nullable().optional(),
    pause: z
      .strictObject({ until_at: instantSchema, note: z.string().max(255).default('') })
      .nullable()
      .optional(),
  })
  .meta({ id: 'SchedulePatch' });
export type ScheduleChange = z.input<typeof schedulePatch>;
export const dryRunQuery = z.strictObject({ dry_run: z.stringbool().default(false) });

/** A backup that a change would let go, or keep after all. */
export const deletionSchema = z
  .object({
    backup_id: idSchema,
    name: z.string(),
    as_of_at: instantSchema,
    goes_at: instantSchema.nullable().meta({ description: 'At the earliest; null where something blocks it' }),
    because: reasonSchema,
  })
  .meta({ id: 'Deletion' });
export type DeletionView = z.output<typeof deletionSchema>;

export const lintSchema = z
  .object({
    level: z.enum(['error', 'warning', 'hint']),
    field: z.string().nullable(),
    message: z.string(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'Lint' });
export type LintView = z.output<typeof lintSchema>;

export const forecastSchema = z
  .object({
    peak_backups: z.int().meta({ description: 'The most that hold the quota at once within 90 days' }),
    peak_at: instantSchema.nullable(),
    storage_bytes: z.number().nullable().meta({ description: 'null where no size is known' }),
    starts_a_minute: z.int(),
    worst_age: durationSchema.nullable(),
    longest_chain: z.int(),
    course: z.array(z.object({ at: instantSchema, backups: z.int() })).meta({ description: 'A day each' }),
  })
  .meta({ id: 'Forecast' });
export type ForecastView = z.output<typeof forecastSchema>;

/** Where there are too many to reckon while somebody waits, some stand for others that are alike. */
export const lookedSchema = z
  .object({
    total: z.int(),
    looked_at: z.int().meta({ description: 'Fewer than total: the figures are those of so many, taken for all' }),
  })
  .meta({ id: 'Looked' });

/** Of a preview's list; totals tell how many there are. */
export const MOST_DELETIONS = 500;

/** What is done where the project's quota does not hold what its policies would make. */
export const shortageSchema = z
  .object({
    on_shortage: z.enum(['adapt', 'refuse', 'tell']).meta({ description: "The operator's quota.on_shortage" }),
    because: reasonSchema.meta({ description: 'With the limit to ask for, as params.ask' }),
    ask: z.int().nullable().meta({ description: 'With this limit nothing less is made; null: it is enough by now' }),
    fits: z.boolean().meta({ description: 'false: slots are skipped for all that' }),
    adapted: z
      .array(z.object({ instances: z.int(), wanted: valuesSchema, because: z.array(reasonSchema) }))
      .meta({ description: 'Policies as they would be, and what is less in the ones that are gone by' }),
    others_adapted: z.int().meta({ description: 'Other instances of the project of which less is made' }),
    refused: z.int().meta({ description: 'Instances of the project that get no backups: the youngest' }),
    wanted: forecastSchema.nullable().meta({ description: 'If the quota held it; null: that is what is made' }),
    instances: lookedSchema.meta({ description: 'Of the project, for which the quota was reckoned' }),
  })
  .meta({ id: 'Shortage' });
export type ShortageView = z.output<typeof shortageSchema>;

export const previewSchema = z
  .object({
    schedule: scheduleSchema.nullable().meta({ description: 'As it would be' }),
    changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
    instances: lookedSchema.meta({ description: 'That would get backups by it' }),
    next_slots: z.array(slotSchema).max(10),
    deletions: z.array(deletionSchema).max(MOST_DELETIONS).meta({
      description: 'What would be deleted that stays as things are; those that go first',
    }),
    deletions_total: z.int(),
    kept: z.array(deletionSchema).max(MOST_DELETIONS).meta({ description: 'What would stay that goes as things are' }),
    kept_total: z.int(),
    forecast: forecastSchema.nullable(),
    shortage: shortageSchema
      .nullable()
      .meta({ description: 'null: the quota holds all; else the other fields are what is made with it' }),
    lint: z.array(lintSchema),
  })
  .meta({ id: 'Preview' });
export type Preview = z.output<typeof previewSchema>;
export const previewAnswer = z.object({ preview: previewSchema }).meta({ id: 'PreviewAnswer' });
