import { z } from 'zod';
import { idSchema, instantSchema } from './common.ts';

const name = z.string().min(1).max(255);

/** With a password, or with a token that one has. */
export const signInBody = z
  .union([
    z.strictObject({
      user: name,
      user_domain: name.default('Default'),
      password: z.string().min(1).max(4096),
      project: name.nullable().default(null).meta({ description: 'null: the default project, or the first' }),
      project_domain: name.default('Default'),
    }),
    z.strictObject({ token: z.string().min(1).max(16_384) }),
  ])
  .meta({ id: 'SignIn' });
export const switchBody = z.strictObject({ project_id: idSchema }).meta({ id: 'SwitchProject' });

/** Who the caller is, and what he may do. */
export const sessionSchema = z
  .object({
    user: z.object({ id: idSchema, name: z.string() }),
    project: z.object({ id: idSchema, name: z.string() }),
    roles: z.array(z.string()),
    is_admin: z.boolean(),
    may: z.array(z.string()).meta({ description: 'The rules that let him, such as schedule:change' }),
    expires_at: instantSchema,
    projects: z.array(z.object({ id: idSchema, name: z.string() })).meta({ description: 'That he may switch to' }),
    csrf: z.string().nullable().meta({ description: 'To be sent as X-CSRF-Token with a cookie; null with a token' }),
  })
  .meta({ id: 'Session' });
export type SessionView = z.output<typeof sessionSchema>;
export const sessionAnswer = z.object({ session: sessionSchema }).meta({ id: 'SessionAnswer' });
