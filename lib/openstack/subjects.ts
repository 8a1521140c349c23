import { z } from 'zod';
import { startCall } from './call.ts';
import { assertOk } from './fault.ts';
import type { HttpAnswer } from './http.ts';
import { createIdentityReader } from './identity-reader.ts';
import type { Keystone } from './keystone.ts';
import { utcSchema } from './time.ts';
import type { CallOptions, KeystoneEndpoint, Scope } from './types.ts';
import { malformed, parseBody } from './validate.ts';

/**
 * What a token opens; a trust's or an application credential's opens a project. `domain` of a project is null where the
 * project acts as a domain. (Keystone: keystone/common/render_token.py render_token_response_from_model)
 */
export type SubjectScope =
  | { readonly kind: 'project'; readonly id: string; readonly name: string; readonly domain: NamedId | null }
  | { readonly kind: 'domain'; readonly id: string; readonly name: string }
  | { readonly kind: 'system' }
  | { readonly kind: 'none' };

export interface NamedId {
  readonly id: string;
  readonly name: string;
}

/** What a token may be used for: one request of one service. `path` may have `{name}`, `*` and `**` in it. */
export interface AccessRule {
  /** Its type in the catalogue, such as `database`. */
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** Somebody's token, as Keystone shows it to a service. Its id is not in it. Times are epoch milliseconds. */
export interface SubjectToken {
  /** Of a trust that impersonates, the trustor. */
  readonly userId: string;
  readonly userName: string;
  readonly scope: SubjectScope;
  /** Names, those that others imply among them. (Keystone: keystone/models/token_model.py TokenModel.roles) */
  readonly roles: readonly string[];
  /**
   * A trust's, an application credential's or OAuth's: Keystone makes no token of another project of it, though it lists all
   * that its user has. (Keystone: keystone/auth/plugins/token.py token_authenticate)
   */
  readonly isDelegated: boolean;
  /**
   * Of its application credential. Null: it may be used for all that its roles allow; else for nothing but what one of these
   * allows, and where a service does not know its own type, for nothing at all.
   * (keystonemiddleware: auth_token/__init__.py validate_allowed_request)
   */
  readonly accessRules: readonly AccessRule[] | null;
  readonly expiresUtc: number;
}

export interface Subjects {
  /**
   * Whose a token is, asked with the service's own token of `serviceScope`, which Keystone wants to be an admin's or of the
   * role `service` (keystone/common/policies/token.py identity:validate_token). Null where Keystone says that it is none: unknown,
   * expired, revoked, of a user or a project that is disabled, of a trust that does not hold any more, or with access rules
   * where the service has not said that it goes by them.
   * @throws OpenStackError `unauthorized`, `no-role` or `forbidden` where the service itself is refused
   */
  show(subjectToken: string, serviceScope: Scope, call?: CallOptions): Promise<SubjectToken | null>;
}

export interface SubjectsOptions extends KeystoneEndpoint {
  /**
   * Whether the service looks at `accessRules` before it lets a token in. Without it Keystone calls one with any none.
   * (Keystone: keystone/token/provider.py validate_token, `access_rules_support`)
   */
  readonly goesByAccessRules?: boolean;
}

const named = z.object({ id: z.string(), name: z.string() });
const accessRule = z.object({ service: z.string(), method: z.string(), path: z.string() });
/** Keystone: keystone/common/render_token.py */
const subjectBody = z
  .object({
    token: z.object({
      expires_at: utcSchema,
      user: named,
      project: named.extend({ domain: named.nullish() }).optional(),
      domain: named.optional(),
      system: z.object({ all: z.literal(true) }).optional(),
      roles: z.array(z.object({ name: z.string() })).default([]),
      application_credential: z.object({ access_rules: z.array(accessRule).nullish() }).optional(),
      'OS-TRUST:trust': z.unknown().optional(),
      'OS-OAUTH1': z.unknown().optional(),
    }),
  })
  .transform(({ token }): SubjectToken => {
    const { user, roles, application_credential: credential, expires_at: expiresUtc } = token;
    return {
      userId: user.id,
      userName: user.name,
      scope: scopeOf(token),
      roles: roles.map(({ name }) => name),
      isDelegated: [credential, token['OS-TRUST:trust'], token['OS-OAUTH1']].some((by) => by !== undefined),
      accessRules: credential?.access_rules ?? null,
      expiresUtc,
    };
  });

interface Scoped {
  readonly project?: (NamedId & { readonly domain?: NamedId | null | undefined }) | undefined;
  readonly domain?: NamedId | undefined;
  readonly system?: object | undefined;
}

function scopeOf({ project, domain, system }: Scoped): SubjectScope {
  if (project) return { kind: 'project', id: project.id, name: project.name, domain: project.domain ?? null };
  if (domain) return { kind: 'domain', ...domain };
  return { kind: system ? 'system' : 'none' };
}

const refusal = z.object({ error: z.object({ code: z.int(), message: z.string() }) });

/** Looks other people's tokens up, with tokens of `keystone`; `options` are those it was made with. */
export function createSubjects(keystone: Keystone, options: SubjectsOptions): Subjects {
  const { now = Date.now, goesByAccessRules = false } = options;
  const { readAbout } = createIdentityReader(keystone, options);

  /**
   * A 404 in Keystone's own form is about the token; a proxy's is not. A 403 is about it too where its trust is broken
   * (keystone/models/token_model.py _validate_trust_scope), and names the rule where it is the service that may not ask.
   */
  function isNone({ status, text }: HttpAnswer): boolean {
    const { data } = refusal.safeParse(readJson(text));
    if (data?.error.code !== status) return false;
    return status === 404 || (status === 403 && !data.error.message.includes('identity:validate_token'));
  }

  return {
    async show(subjectToken, serviceScope, limits) {
      // Its endpoints are nobody's business here, and most of the answer. (Keystone: keystone/api/auth.py AuthTokenResource.get)
      const path = '/auth/tokens?nocatalog=1';
      const answer = await readAbout({ token: subjectToken, goesByAccessRules }, path, serviceScope, startCall(limits));
      if (isNone(answer)) return null;
      assertOk(answer, now());
      if (answer.status !== 200) throw malformed(answer, 'status', 'is not 200');
      return parseBody(answer, subjectBody);
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
