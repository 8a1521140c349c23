// A login of a region's user, and requests to Trove with its token.
import type { Region } from './region.ts';

/** Where Keystone and Trove are. */
export type Endpoints = Pick<Region, 'authUrl' | 'troveUrl'>;

export interface Login {
  readonly username: string;
  readonly password: string;
  readonly project: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; text where it is none; undefined where there is nothing. */
  readonly body: unknown;
}

const DOMAIN = { id: 'default' };

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  try {
    return { status, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    return { status, headers, body: text };
  }
}

async function newToken(region: Endpoints, { username, password, project }: Login) {
  const user = { name: username, password, domain: DOMAIN };
  const scope = { project: { name: project, domain: DOMAIN } };
  const response = await fetch(`${region.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  });
  const token = response.headers.get('x-subject-token');
  if (!token) throw new Error(`Keystone refused ${username}@${project}: ${response.status} ${await response.text()}`);
  const { token: issued } = (await response.json()) as { token: { project: { id: string }; expires_at: string } };
  return { token, projectId: issued.project.id, expiresAtMs: Date.parse(issued.expires_at) };
}

const EXPIRY_MARGIN_MS = 2000;

/** Logs in, and again when the token runs out. */
export async function logIn(region: Endpoints, login: Login) {
  let session = await newToken(region, login);

  /** `path` begins after the project: `/instances`, `/backups/<id>`. */
  async function request(method: string, path: string, body?: unknown): Promise<Answer> {
    if (session.expiresAtMs - EXPIRY_MARGIN_MS < Date.now()) session = await newToken(region, login);
    const response = await fetch(`${region.troveUrl}/v1.0/${session.projectId}${path}`, {
      method,
      headers: { 'x-auth-token': session.token, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return answerOf(response);
  }

  return { projectId: session.projectId, request };
}
