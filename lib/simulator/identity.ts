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
  /** Of a token for which no scope is asked, where he has a role there. */
  readonly defaultProjectId: string | null;
}

export interface Role {
  readonly id: string;
  readonly name: string;
}

/** The region has one domain, as `keystone-manage bootstrap` leaves it. */
export const DOMAIN = { id: 'default', name: 'Default' } as const;

// What bootstrap sets up: who is admin is member too, and who is member may read.
const IMPLIED: Readonly<Record<string, readonly string[]>> = { admin: ['member', 'reader'], member: ['reader'] };

/** The roles that bootstrap makes; nobody can change them. */
export const BOOTSTRAPPED: readonly string[] = ['admin', 'member', 'reader'];

/** Projects, users and who has which role where. */
export class Identity {
  readonly projects = new Map<string, Project>();
  readonly users = new Map<string, User>();
  readonly #roles = new Map<string, Role>();
  readonly #grants = new Map<string, Set<string>>();
  readonly #inherited = new Map<string, Set<string>>();
  readonly #system = new Map<string, Set<string>>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  createProject(name: string, description = ''): Project {
    const project: Project = { id: this.#ids.hex(), name, domainId: DOMAIN.id, description, enabled: true };
    this.projects.set(project.id, project);
    return project;
  }

  createUser(name: string, password: string, defaultProjectId: string | null = null): User {
    const user: User = { id: this.#ids.hex(), name, domainId: DOMAIN.id, password, enabled: true, defaultProjectId };
    this.users.set(user.id, user);
    return user;
  }

  roles(): readonly Role[] {
    const names = [...this.#grants.values(), ...this.#inherited.values()].flatMap((granted) => [...granted]);
    return [...new Set([...BOOTSTRAPPED, ...names])].map((name) => this.#role(name));
  }

  role(named: { readonly id?: unknown; readonly name?: unknown }): Role | undefined {
    return this.roles().find(({ id, name }) =>
      typeof named.name === 'string' ? name === named.name : id === named.id,
    );
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

  /** The role on the system as a whole, for tokens that are of no project. */
  grantSystem(userId: string, role: string): void {
    this.#add(this.#system, userId, role);
  }

  rolesOn(userId: string, projectId: string): readonly Role[] {
    const inherited = this.#inherited.get(userId) ?? [];
    return this.withImplied([...inherited, ...(this.#grants.get(`${userId} ${projectId}`) ?? [])]);
  }

  systemRoles(userId: string): readonly Role[] {
    return this.withImplied([...(this.#system.get(userId) ?? [])]);
  }

  /** The named roles and all that they imply. */
  withImplied(names: readonly string[]): readonly Role[] {
    return [...new Set(names.flatMap((name) => [name, ...(IMPLIED[name] ?? [])]))].map((name) => this.#role(name));
  }

  projectByName(name: string): Project | undefined {
    return [...this.projects.values()].find((project) => project.name === name);
  }

  userByName(name: string): User | undefined {
    return [...this.users.values()].find((user) => user.name === name);
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
