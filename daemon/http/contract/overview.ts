import { z } from 'zod';
import { idSchema, instantSchema, linkSchema, pageQuery, reasonSchema, scopeQuery } from './common.ts';
import { instanceSchema } from './instance.ts';

const counts = z.object({
  protected: z.int(),
  late: z.int(),
  unprotected: z.int(),
  paused: z.int(),
  excluded: z.int(),
});

export const overviewQuery = z.strictObject(scopeQuery);
export const overviewSchema = z
  .object({
    at: instantSchema,
    instances: z.int(),
    counts,
    attention: z
      .array(
        z.object({
          instance: instanceSchema,
          action: z
            .enum(['back-up-now', 'resume', 'opt-in', 'raise-quota', 'grant-role', 'look-at-trove', 'wait'])
            .meta({ description: 'What mends it' }),
        }),
      )
      .meta({ description: 'Late and unprotected ones, the worst first' }),
    oldest: z.array(instanceSchema).meta({ description: 'Whose newest recovery point is the oldest' }),
    starts: z.array(z.object({ hour_at: instantSchema, starts: z.int() })).length(24),
    failures: z
      .array(z.object({ because: reasonSchema, runs: z.int() }))
      .meta({ description: 'Of the last seven days, by reason' }),
    quota: z.array(z.object({ project_id: idSchema, because: reasonSchema })),
    datastores: z.array(z.string()).meta({ description: 'Types that its instances have, to filter the list by' }),
    policies: z.array(z.string()).meta({ description: 'Likewise names of policies' }),
  })
  .meta({ id: 'Overview' });
export type OverviewView = z.output<typeof overviewSchema>;

/** For an admin: all projects. */
export const regionSchema = z
  .object({
    at: instantSchema,
    projects: z.array(
      z.object({
        project_id: idSchema,
        name: z.string().nullable(),
        instances: z.int(),
        counts,
        oldest_point_at: instantSchema.nullable(),
      }),
    ),
    starts: z
      .array(z.object({ hour_at: instantSchema, starts: z.int() }))
      .meta({ description: 'The next seven days, an hour each' }),
    health: z.array(z.object({ part: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'Region' });
export type RegionView = z.output<typeof regionSchema>;

export const auditQuery = z.strictObject({ ...pageQuery, ...scopeQuery, target_id: idSchema.optional() });
export const auditSchema = z
  .object({
    entries: z.array(
      z.object({
        id: z.string(),
        at: instantSchema,
        project_id: idSchema,
        user_id: idSchema,
        user_name: z.string(),
        action: z.string().meta({ description: 'The rule that allowed it, such as schedule:change' }),
        target_id: z.string(),
        before: z.unknown(),
        after: z.unknown(),
        outcome: z.enum(['done', 'refused', 'failed']).nullable().meta({ description: 'null: the end was not seen' }),
        request_id: z.string(),
      }),
    ),
    entries_links: z.array(linkSchema),
  })
  .meta({ id: 'Audit', description: 'The newest first' });

export const eventsQuery = z.strictObject(scopeQuery);
/** What the events of `/v1/events` say: look again. The name of each is its `kind`. */
export const eventSchema = z
  .object({
    kind: z.enum(['instance', 'schedule', 'run', 'backup', 'policy']),
    at: instantSchema,
    project_id: idSchema.nullable().meta({ description: 'null: of any project that is listened to' }),
    instance_id: idSchema.nullable().meta({ description: 'null: look at everything of this kind' }),
  })
  .meta({ id: 'Event' });
export type EventView = z.output<typeof eventSchema>;
