import { z } from 'zod';
import { durationSchema, idSchema, instantSchema, linkSchema, pageQuery, reasonSchema, scopeQuery } from './common.ts';
import { scheduleSchema } from './schedule.ts';

export const PROTECTION_STATES = ['protected', 'late', 'unprotected', 'paused', 'excluded'] as const;
export const protectionSchema = z
  .object({ state: z.enum(PROTECTION_STATES), because: reasonSchema })
  .meta({ id: 'Protection' });

export const RUN_STATES = [
  'claimed',
  'intent',
  'unknown',
  'running',
  'completed',
  'failed',
  'skipped',
  'credited',
  'missed',
  'expired',
  'aborted',
] as const;

/** One row of the list. */
export const instanceSchema = z
  .object({
    id: idSchema,
    project_id: idSchema,
    name: z.string(),
    datastore: z.object({ type: z.string(), version: z.string() }),
    status: z.string().meta({ description: "Trove's word, as it was seen last" }),
    created_at: instantSchema,
    gone_at: instantSchema.nullable(),
    replica_of: idSchema.nullable(),
    cluster_id: idSchema.nullable(),
    protection: protectionSchema,
    policy: z.string().nullable(),
    next_slot_at: instantSchema.nullable(),
    newest_point_at: instantSchema.nullable(),
    newest_point_age: durationSchema.nullable(),
    last_run: z.object({ id: idSchema, slot_at: instantSchema, state: z.enum(RUN_STATES) }).nullable(),
  })
  .meta({ id: 'Instance' });
export type InstanceRow = z.output<typeof instanceSchema>;

export const INSTANCE_SORTS = ['name', 'created_at', 'next_slot_at', 'newest_point_at'] as const;
export const instancesQuery = z.strictObject({
  ...pageQuery,
  ...scopeQuery,
  sort_key: z.enum(INSTANCE_SORTS).default('name'),
  sort_dir: z.enum(['asc', 'desc']).default('asc'),
  name: z.string().max(255).optional().meta({ description: 'Part of a name or an id, whatever the case' }),
  state: z.enum(PROTECTION_STATES).optional(),
  datastore: z.string().max(255).optional(),
  policy: z.string().max(64).optional(),
  deleted: z.stringbool().default(false).meta({ description: 'Those that are gone, and no others' }),
});
export const instancesSchema = z
  .object({ instances: z.array(instanceSchema), instances_links: z.array(linkSchema) })
  .meta({ id: 'Instances' });

/** What the ledger knows of a chain; the backups themselves are Trove's to show. */
export const chainSummarySchema = z
  .object({
    full_backup_id: idSchema,
    started_at: instantSchema.meta({ description: 'The slot of its full' }),
    newest_at: instantSchema,
    incrementals: z.int(),
  })
  .meta({ id: 'ChainSummary' });

export const quotaOutlookSchema = z
  .object({
    limit: z.int().nullable().meta({ description: 'null: not looked at yet; -1: none' }),
    short: reasonSchema.nullable().meta({ description: 'Why the quota does not hold what the policies make' }),
    adapted: z.array(reasonSchema).meta({ description: 'In what the schedule is less than its policy' }),
    refused: reasonSchema.nullable(),
  })
  .meta({ id: 'QuotaOutlook' });

export const instanceDetailSchema = z
  .object({
    ...instanceSchema.shape,
    schedule: scheduleSchema.nullable(),
    chains: z.array(chainSummarySchema).meta({ description: 'Of recovery points made here, the newest first' }),
    quota: quotaOutlookSchema,
    holds: z.int(),
    marked: z.int().meta({ description: 'Backups that go when their grace has ended' }),
    links: z.array(linkSchema),
  })
  .meta({ id: 'InstanceDetail' });
export type InstanceDetail = z.output<typeof instanceDetailSchema>;
export const instanceAnswer = z.object({ instance: instanceDetailSchema }).meta({ id: 'InstanceAnswer' });
