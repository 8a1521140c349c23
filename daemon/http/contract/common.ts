import { z } from 'zod';

/** ISO 8601, UTC: `2026-11-30T22:00:00Z`. */
export const instantSchema = z.iso.datetime().meta({ description: 'An instant, ISO 8601 in UTC' });
/** ISO 8601: `PT6H`, `P7D`. */
export const durationSchema = z
  .string()
  .max(40)
  .regex(/^P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/, 'is no ISO 8601 duration; write P7D, PT6H or P1DT12H')
  .meta({ description: 'A duration, ISO 8601 in days, hours, minutes and seconds' });

/** Of whatever OpenStack names by an id. */
export const idSchema = z
  .string()
  .max(64)
  .regex(/^[\w-]+$/, 'is no id; take one that a list shows');

/** Why: the rule as data for programs, and its sentence in the language that was asked for. */
export const reasonSchema = z
  .object({
    rule: z.string(),
    params: z.record(z.string(), z.unknown()),
    text: z.string().meta({ description: 'In the language of Accept-Language: en (default) or vi' }),
  })
  .meta({ id: 'Reason' });
export type ReasonView = z.output<typeof reasonSchema>;

export const errorSchema = z
  .object({
    error: z.object({
      code: z.int().meta({ description: 'The status of the answer' }),
      title: z.string().meta({ description: 'A word for programs, such as not-found' }),
      message: z.string(),
      hint: z.string().nullable().meta({ description: 'What to do next' }),
      request_id: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.output<typeof errorSchema>;

export const linkSchema = z.object({ rel: z.string(), href: z.string() }).meta({ id: 'Link' });

/** Of each list, as OpenStack's: the next page begins after `marker`. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  marker: z.string().min(1).max(400).optional(),
};

/** Whose rows: the token's project; for an admin one other, or all. */
export const scopeQuery = {
  all_projects: z.stringbool().default(false),
  project_id: idSchema.optional(),
};

export const byId = z.strictObject({ id: idSchema });
