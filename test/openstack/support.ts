import { readFileSync } from 'node:fs';
import { type Keystone, OpenStackError, Token } from '../../lib/openstack/index.ts';

export interface Capture {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export const captures: readonly Capture[] = JSON.parse(
  readFileSync(new URL('../fixtures/captures/http.json', import.meta.url), 'utf8'),
);

/** The recorded answer of that name; the last one where it was recorded twice. */
export function capture(what: string): Capture {
  const found = captures.findLast((one) => one.what === what);
  if (found === undefined) throw new Error(`nothing was recorded as "${what}"`);
  return found;
}

export const PROJECT = 'e8f4f57e1a794d6ca2e3c4eb3ce9596e';
export const ADMIN_PROJECT = '6b3754b1e1194cb48c33a897f7aca51d';
export const TROVE = 'http://trove.test:8779';
export const TOKEN_ID = 'gAAAAAB-secret-token';

export interface StubKeystone extends Keystone {
  readonly asked: ('cached' | 'fresh')[];
  readonly dropped: string[];
}

/** Gives tokens without a network; remembers what it was asked for. */
export function stubKeystone(base = TROVE, projectId = PROJECT): StubKeystone {
  const asked: ('cached' | 'fresh')[] = [];
  const dropped: string[] = [];
  return {
    asked,
    dropped,
    token: ({ fresh }) => {
      asked.push(fresh ? 'fresh' : 'cached');
      return Promise.resolve(makeToken(projectId));
    },
    unscopedToken: () => Promise.resolve(TOKEN_ID),
    invalidate: (token) => void dropped.push(token.id),
    databaseUrl: (token) => `${base}/v1.0/${token.projectId}`,
  };
}

export function makeToken(projectId = PROJECT, catalogue: Token['catalogue'] = []): Token {
  return new Token(TOKEN_ID, {
    projectId,
    projectName: 'demo',
    userId: '0e9a1d491f4d44b9bfe61eee015d08e3',
    issuedUtc: Date.parse('2026-11-22T06:00:00Z'),
    expiresUtc: Date.parse('2026-11-22T07:00:00Z'),
    roles: ['member'],
    catalogue,
  });
}

/** What a promise fails with, which must be this client's own error. */
export async function failureOf(promise: Promise<unknown>): Promise<OpenStackError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof OpenStackError) return outcome.error;
  throw new Error('it should have failed with an OpenStackError', { cause: outcome });
}
