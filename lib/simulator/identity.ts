import type { Ids } from './random.ts';

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
  readonly description: string;
  enabled: boolean;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
  password: string;
  enabled: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

/** What Keystone knows of a token. `projectId` is null when it is unscoped. */
export interface TokenRow {
  readonly id: string;
  readonly userId: string;
  readonly projectId: string | null;
  readonly roles: readonly Role[];
  readonly auditId: string;
  readonly issuedUtc: number;
  readonly expiresUtc: number;
}

/** The region has one domain, as `keystone-manage bootstrap` leaves it. */
export const DOMAIN = { id: 'default', name: 'Default' } as const;

// What bootstrap sets up: who is admin is member too, and who is member may read.
const IMPLIED: Readonly<Record<string, readonly string[]>> = { admin: ['member', 'reader'], member: ['reader'] };

/** Projects, users, roles and tokens. */
export class Identity {
  readonly projects = new Map<string, Project>();
  readonly users = new Map<string, User>();
  readonly #roles = new Map<string, Role>();
  readonly #grants = new Map<string, Set<string>>();
  readonly #inherited = new Map<string, Set<string>>();
  readonly #tokens = new Map<string, TokenRow>();
  readonly #ids: Ids;
  readonly #tokenMs: number;

  constructor(ids: Ids, tokenMs: number) {
    this.#ids = ids;
    this.#tokenMs = tokenMs;
  }

  createProject(name: string, description = ''): Project {
    const project: Project = { id: this.#ids.hex(), name, domainId: DOMAIN.id, description, enabled: true };
    this.projects.set(project.id, project);
    return project;
  }

  createUser(name: string, password: string): User {
    const user: User = { id: this.#ids.hex(), name, domainId: DOMAIN.id, password, enabled: true };
    this.users.set(user.id, user);
    return user;
  }

  grant(userId: string, role: string, projectId: string): void {
    this.#add(this.#grants, `${userId} ${projectId}`, role);
  }

  revoke(userId: string, role: string, projectId: string): void {
    this.#grants.get(`${userId} ${projectId}`)?.delete(role);
  }

  /** OS-INHERIT: the role on every project of the domain, those that come later included. */
  grantInherited(userId: string, role: string): void {
    this.#add(this.#inherited, userId, role);
  }

  revokeInherited(userId: string, role: string): void {
    this.#inherited.get(userId)?.delete(role);
  }

  rolesOn(userId: string, projectId: string): readonly Role[] {
    const given = [...(this.#inherited.get(userId) ?? []), ...(this.#grants.get(`${userId} ${projectId}`) ?? [])];
    return [...new Set(given.flatMap((name) => [name, ...(IMPLIED[name] ?? [])]))].map((name) => this.#role(name));
  }

  projectByName(name: string): Project | undefined {
    return [...this.projects.values()].find((project) => project.name === name);
  }

  userByName(name: string): User | undefined {
    return [...this.users.values()].find((user) => user.name === name);
  }

  issue(userId: string, projectId: string | null, nowUtc: number): TokenRow {
    if (this.#tokens.size >= 20_000) this.#forgetExpired(nowUtc);
    const token: TokenRow = {
      id: this.#ids.token(),
      userId,
      projectId,
      roles: projectId === null ? [] : this.rolesOn(userId, projectId),
      auditId: this.#ids.hex().slice(0, 22),
      issuedUtc: nowUtc,
      expiresUtc: nowUtc + this.#tokenMs,
    };
    this.#tokens.set(token.id, token);
    return token;
  }

  /** The token, if it is known, not expired and not revoked. */
  token(id: string | null, nowUtc: number): TokenRow | undefined {
    const token = id === null ? undefined : this.#tokens.get(id);
    return token !== undefined && token.expiresUtc > nowUtc ? token : undefined;
  }

  forget(tokenId: string): void {
    this.#tokens.delete(tokenId);
  }

  #forgetExpired(nowUtc: number): void {
    for (const token of this.#tokens.values()) if (token.expiresUtc <= nowUtc) this.#tokens.delete(token.id);
  }

  #role(name: string): Role {
    const role = this.#roles.get(name) ?? { id: this.#ids.hex(), name };
    this.#roles.set(name, role);
    return role;
  }

  #add(grants: Map<string, Set<string>>, key: string, role: string): void {
    grants.set(key, (grants.get(key) ?? new Set()).add(role));
  }
}
