import { z } from 'zod';
import { idSchema } from './common.ts';
import { lintSchema, overridesSchema, tenantMaySchema, valuesSchema } from './schedule.ts';

const names = z.array(z.string().min(1).max(255)).max(100).default([]);

/** Of the operator's file, read only; or a project's own, which its members change. */
export const policySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    layer: z.enum(['operator', 'project']),
    project_id: idSchema.nullable(),
    select: z.object({ names: z.array(z.string()), datastores: z.array(z.string()) }),
    values: valuesSchema.nullable().meta({ description: "Of an operator's" }),
    overrides: overridesSchema.nullable().meta({ description: "Of a project's, on the operator's policy beneath" }),
    tenant_may: tenantMaySchema.nullable(),
    instances: z.int().meta({ description: 'Of the project that go by it' }),
    lint: z.array(lintSchema),
  })
  .meta({ id: 'Policy' });
export type PolicyView = z.output<typeof policySchema>;

export const policyBody = z
  .strictObject({
    name: z.string().regex(/^[\w.-]{1,64}$/, 'has 1 to 64 letters, digits, dots, dashes or underscores'),
    select: z.strictObject({ names, datastores: names }).prefault({}),
    overrides: overridesSchema,
  })
  .meta({ id: 'PolicyBody' });
export type PolicyChange = z.input<typeof policyBody>;
/** An operator's policy is `operator:` and its name. */
export const policyById = z.strictObject({
  id: z
    .string()
    .max(80)
    .regex(/^[\w.:-]+$/, 'is no id; take one that the list of policies shows'),
});
export const policyAnswer = z.object({ policy: policySchema }).meta({ id: 'PolicyAnswer' });
export const policiesSchema = z.object({ policies: z.array(policySchema) }).meta({ id: 'Policies' });
export const policyPreviewBody = z
  .strictObject({
    ...policyBody.shape,
    policy_id: idSchema.optional().meta({ description: 'Of the one in whose place it would be; left out, a new one' }),
    instance_id: idSchema.optional().meta({ description: 'Whose slots to tell; left out, of the first it selects' }),
  })
  .meta({ id: 'PolicyPreviewBody' });
export type PolicyPreview = z.input<typeof policyPreviewBody>;
