import type { ContractTarget } from './target.ts';

/** Where one signs in. */
export type Place = Pick<ContractTarget, 'authUrl' | 'fetch'>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text; undefined where there is none. */
  readonly body: unknown;
}

/** One instance or backup, in a list or alone. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** Null: unscoped. */
  readonly project: string | null;
}

interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const DOMAIN = { id: 'default' };

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
  const body: unknown = isJson ? JSON.parse(text) : text === '' ? undefined : text;
  return { status: response.status, headers: response.headers, body };
}

/** `auth` as Keystone wants it: `{ identity, scope? }`. */
export async function signIn(target: Place, auth: unknown): Promise<Answer> {
  const response = await target.fetch(`${target.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  return answerOf(response);
}

export const byPassword = (name: string, password = name) => ({
  methods: ['password'],
  password: { user: { name, password, domain: DOMAIN } },
});

export const byToken = (id: string) => ({ methods: ['token'], token: { id } });

export const toProject = (name: string) => ({ project: { name, domain: DOMAIN } });

export const tokenOf = (answer: Answer): string => answer.headers.get('X-Subject-Token') ?? '';

export const askForToken = (target: Place, { name, password, project }: Credentials): Promise<Answer> =>
  signIn(target, {
    identity: byPassword(name, password),
    ...(project !== null && { scope: toProject(project) }),
  });

/** Somebody with a token of a project. Paths begin after the project's id in Trove's url. */
export class User {
  readonly projectId: string;
  readonly userId: string;
  readonly token: string;
  readonly troveUrl: string;
  readonly #target: Place;

  private constructor(target: Place, token: string, issued: IssuedToken, troveUrl: string) {
    this.#target = target;
    this.token = token;
    this.projectId = issued.project.id;
    this.userId = issued.user.id;
    this.troveUrl = troveUrl;
  }

  static async login(target: Place, credentials: Credentials): Promise<User> {
    return User.of(target, await askForToken(target, credentials));
  }

  /** Whoever signed in with that answer of Keystone. */
  static of(target: Place, answer: Answer): User {
    const token = tokenOf(answer);
    if (answer.status !== 201) throw new Error(`Keystone said ${answer.status} ${JSON.stringify(answer.body)}`);
    const issued = (answer.body as { token: IssuedToken }).token;
    const url = issued.catalog
      .find(({ type }) => type === 'database')
      ?.endpoints.find((endpoint) => endpoint.interface === 'public')?.url;
    if (url === undefined) throw new Error('the catalogue has no database');
    return new User(target, token, issued, url);
  }

  async request(method: string, path: string, { body, headers, signal }: Sent = {}): Promise<Answer> {
    return this.requestUrl(method, `${this.troveUrl}${path}`, {
      body,
      headers: headers ?? {},
      ...(signal && { signal }),
    });
  }

  async requestUrl(method: string, url: string, { body, headers, signal }: Sent = {}): Promise<Answer> {
    const response = await this.#target.fetch(url, {
      method,
      headers: { 'X-Auth-Token': this.token, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    return answerOf(response);
  }

  get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  delete(path: string): Promise<Answer> {
    return this.request('DELETE', path);
  }

  backup(backup: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.request('POST', '/backups', { body: { backup } });
  }

  instance(instance: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.request('POST', '/instances', { body: { instance } });
  }

  keystone(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
    body?: unknown,
  ): Promise<Answer> {
    return this.requestUrl(method, `${this.#target.authUrl}${path}`, { headers, body });
  }
}

interface IssuedToken {
  readonly user: { readonly id: string };
  readonly project: { readonly id: string };
  readonly catalog: readonly {
    readonly type: string;
    readonly endpoints: readonly { readonly interface: string; readonly url: string }[];
  }[];
}

/** The list under `key` in a body. */
export const rowsOf = (answer: Answer, key: 'backups' | 'instances'): readonly Row[] =>
  (answer.body as Readonly<Record<typeof key, readonly Row[]>>)[key];

/** The one row under `key` in a body. */
export const rowOf = (answer: Answer, key: 'backup' | 'instance'): Row =>
  (answer.body as Readonly<Record<typeof key, Row>>)[key];

/** The link to the next page, if there is one. */
export const nextOf = (answer: Answer): URL | undefined => {
  const { links } = answer.body as { links?: readonly { rel: string; href: string }[] };
  const next = links?.find(({ rel }) => rel === 'next');
  return next === undefined ? undefined : new URL(next.href);
};
