import { z } from 'zod';
import type { Endpoint } from './catalogue.ts';
import type { HttpAnswer } from './http.ts';
import { utcSchema } from './time.ts';
import { malformed, parseBody } from './validate.ts';

export interface TokenFields {
  readonly projectId: string;
  readonly projectName: string;
  readonly projectDomain?: ProjectDomain | undefined;
  readonly userId: string;
  readonly issuedUtc: number;
  readonly expiresUtc: number;
  readonly roles: readonly string[];
  readonly catalogue: readonly Endpoint[];
}

export interface ProjectDomain {
  readonly id: string;
  readonly name: string;
}

/** A project's Keystone token. Its id is had from `id` alone: printing, inspecting or serialising the token shows a mask. */
export class Token {
  readonly #id: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly projectDomain: ProjectDomain | undefined;
  /** Whose it is: of a trust that impersonates, the trustor. */
  readonly userId: string;
  readonly issuedUtc: number;
  readonly expiresUtc: number;
  /** Names of the user's roles on the project. */
  readonly roles: readonly string[];
  readonly catalogue: readonly Endpoint[];

  constructor(id: string, fields: TokenFields) {
    this.#id = id;
    this.projectId = fields.projectId;
    this.projectName = fields.projectName;
    this.projectDomain = fields.projectDomain;
    this.userId = fields.userId;
    this.issuedUtc = fields.issuedUtc;
    this.expiresUtc = fields.expiresUtc;
    this.roles = fields.roles;
    this.catalogue = fields.catalogue;
  }

  get id(): string {
    return this.#id;
  }

  toString(): string {
    return `Token(project ${this.projectId}, until ${new Date(this.expiresUtc).toISOString()})`;
  }

  toJSON(): string {
    return this.toString();
  }

  /** What util.inspect and console.log of Node call. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const endpointSchema = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});

const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.object({ id: z.string(), name: z.string() }).nullish(),
});

/** Keystone: keystone/common/render_token.py. A token without a scope has neither project nor roles. */
const tokenSchema = z.object({
  token: z.object({
    issued_at: utcSchema,
    expires_at: utcSchema,
    user: z.object({ id: z.string() }),
    project: projectSchema.optional(),
    roles: z.array(z.object({ name: z.string() })).optional(),
    catalog: z.array(z.object({ type: z.string(), endpoints: z.array(endpointSchema) })).optional(),
  }),
});

/** The id of any token, with a scope or without. */
export function readTokenId(answer: HttpAnswer): string {
  const id = answer.headers.get('x-subject-token');
  if (id === null || id === '') throw malformed(answer, 'header X-Subject-Token', 'is missing');
  return id;
}

/** Null where Keystone gave one without a project. */
export const readToken = (answer: HttpAnswer): Token | null => readShownToken(answer, readTokenId(answer));

/** As `readToken`, of a token that one has and Keystone was asked about. */
export function readShownToken(answer: HttpAnswer, id: string): Token | null {
  const { token } = parseBody(answer, tokenSchema);
  if (token.project === undefined) return null;
  return new Token(id, {
    projectId: token.project.id,
    projectName: token.project.name,
    projectDomain: token.project.domain ?? undefined,
    userId: token.user.id,
    issuedUtc: token.issued_at,
    expiresUtc: token.expires_at,
    roles: (token.roles ?? []).map(({ name }) => name),
    catalogue: (token.catalog ?? []).flatMap(({ type, endpoints }) =>
      endpoints.map((endpoint) => ({
        type,
        interface: endpoint.interface,
        region: endpoint.region ?? endpoint.region_id ?? null,
        url: endpoint.url,
      })),
    ),
  });
}
