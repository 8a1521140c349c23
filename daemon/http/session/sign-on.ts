export interface NamedProject {
  readonly id: string;
  readonly name: string;
}

/** `any`: the user's default project, or the first by name. */
export type WantedProject = { readonly id: string } | { readonly name: string; readonly domain: string } | 'any';

export interface Person {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
}

/** Keystone, as far as it signs people in. What it cannot say is an ApiError 503. */
export interface SignOnPort {
  /** A new token of no project. @throws ApiError 401 where name and password are not somebody's */
  byPassword(person: Person): Promise<string>;
  /** A new token of a project, from one that its user has. @throws ApiError 403 without a role there, 401 for no token */
  tokenOf(base: string, project: WantedProject): Promise<string>;
  projects(token: string): Promise<readonly NamedProject[]>;
  /** Ends one token, and none of those that came from it. */
  revoke(token: string): Promise<void>;
}
