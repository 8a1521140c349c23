import { z } from 'zod';
import { durationSchema, idSchema, instantSchema, linkSchema, pageQuery, reasonSchema, scopeQuery } from './common.ts';
import { RUN_STATES } from './instance.ts';

export const kindSchema = z.enum(['full', 'incremental']);

/** What became of a slot, or of somebody's request. */
export const runSchema = z
  .object({
    id: idSchema,
    instance_id: idSchema,
    project_id: idSchema,
    origin: z.enum(['scheduled', 'on_demand']),
    slot_at: instantSchema,
    state: z.enum(RUN_STATES),
    because: reasonSchema.nullable().meta({ description: 'How it ended, or what holds it' }),
    kind: kindSchema.nullable(),
    kind_because: reasonSchema.nullable(),
    backup_id: idSchema.nullable(),
    parent_id: idSchema.nullable(),
    asked_at: instantSchema.nullable().meta({ description: 'When Trove was asked for it' }),
    ended_at: instantSchema.nullable(),
    requested_by: z.string().nullable(),
    note: z.string().nullable(),
    keep: durationSchema.nullable().meta({ description: 'Of one on demand; null: until somebody deletes it' }),
  })
  .meta({ id: 'Run' });
export type RunView = z.output<typeof runSchema>;
export const runAnswer = z.object({ run: runSchema }).meta({ id: 'RunAnswer' });

export const runsQuery = z.strictObject({
  ...pageQuery,
  ...scopeQuery,
  instance_id: idSchema.optional(),
  state: z.enum(RUN_STATES).optional(),
  origin: z.enum(['scheduled', 'on_demand']).optional(),
  since_at: instantSchema.optional(),
  until_at: instantSchema.optional(),
  format: z.enum(['json', 'csv']).default('json'),
});
export const runsSchema = z
  .object({ runs: z.array(runSchema), runs_links: z.array(linkSchema) })
  .meta({ id: 'Runs', description: 'The newest slot first' });

export const backUpNowBody = z
  .strictObject({
    kind: kindSchema.optional(),
    keep: durationSchema.optional().meta({ description: 'Left out: until somebody deletes it' }),
    note: z.string().max(255).default(''),
  })
  .meta({ id: 'BackUpNow' });
export type BackUpNow = z.input<typeof backUpNowBody>;

export const explainQuery = z.strictObject({
  ...scopeQuery,
  at: instantSchema.optional().meta({ description: 'A slot, past or to come' }),
  backup_id: idSchema.optional(),
});
export const explanationSchema = z
  .object({
    slot: z
      .object({
        at: instantSchema,
        state: z.enum([...RUN_STATES, 'to-come', 'none']),
        time: z.array(reasonSchema),
        kind: reasonSchema.nullable(),
        because: reasonSchema.nullable(),
      })
      .nullable(),
    backup: z
      .object({
        id: idSchema,
        there: z.array(reasonSchema),
        fate: z.enum(['kept', 'removable', 'blocked']).nullable(),
        because: z.array(reasonSchema),
        goes_at: instantSchema.nullable(),
        going_because: reasonSchema.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Explanation' });
export type ExplanationView = z.output<typeof explanationSchema>;
export const explainAnswer = z.object({ explanation: explanationSchema }).meta({ id: 'ExplainAnswer' });
