import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Auth, createKeystone, createTrove, createTrusts, type HttpOptions } from '../../lib/openstack/index.ts';
import { failureOf, makeToken, PROJECT, stubKeystone, TOKEN_ID } from './support.ts';

const PASSWORD = 'c0rrect-horse-battery';
const scope = { projectId: PROJECT };

/** Everything that a log, a debugger or an error report may make of a value. */
function printed(value: unknown): string {
  const stack = value instanceof Error ? [value.stack, value.message, JSON.stringify(Object.entries(value))] : [];
  const shown = inspect(value, { depth: 20, showHidden: true, getters: false });
  return [String(value), inspect(value), shown, JSON.stringify(value), ...stack].join('\n');
}

function expectNoSecret(value: unknown): void {
  const text = printed(value);
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toContain(TOKEN_ID);
}

const keystoneWith = (options: HttpOptions = {}) =>
  createKeystone({
    authUrl: 'http://k.test/v3',
    username: 'u',
    password: PASSWORD,
    sleep: () => Promise.resolve(),
    ...options,
  });

describe('a secret is not printed', () => {
  it('by a token, which yet gives it to whom asks', () => {
    const token = makeToken();
    expect(token.id).toBe(TOKEN_ID);
    expectNoSecret(token);
    expectNoSecret({ nested: [token] });
    expect(`${token}`).toBe(`Token(project ${PROJECT}, until 2026-11-22T07:00:00.000Z)`);
  });

  it('by the clients', () => {
    const keystone = keystoneWith();
    expectNoSecret(keystone);
    expectNoSecret(createTrove(keystone));
    expectNoSecret(createTrove(keystone).project(scope));
  });

  it('by Keystone quoting the request back', async () => {
    const body = JSON.stringify({ error: { code: 400, message: `'${PASSWORD}' is not valid`, title: 'Bad Request' } });
    const error = await failureOf(
      keystoneWith({ fetch: () => Promise.resolve(new Response(body, { status: 400 })) }).token({ scope }),
    );
    expect(error.message).toContain("'***' is not valid");
    expectNoSecret(error);
  });

  it('by Keystone quoting it where a message is cut', async () => {
    const message = `${'x'.repeat(290)}${PASSWORD}`;
    const fetch = () => Promise.resolve(new Response(JSON.stringify({ error: { message } }), { status: 400 }));
    const error = await failureOf(keystoneWith({ fetch }).token({ scope }));
    expect(printed(error)).not.toContain(PASSWORD.slice(0, 5));
  });

  it('by a fetch that quotes the request in its errors', async () => {
    const fetch: HttpOptions['fetch'] = (_, init) => {
      const inner = Object.assign(new Error(`sent ${String(init?.body)}`), { code: 'EODD', request: init });
      return Promise.reject(Object.assign(new TypeError('fetch failed', { cause: inner }), { config: init }));
    };
    const error = await failureOf(keystoneWith({ fetch }).token({ scope }));
    expect(error).toMatchObject({ cause: { name: 'TypeError', cause: { code: 'EODD' } } });
    expectNoSecret(error);
  });

  it('by Trove, or a fetch that throws no error, quoting the token', async () => {
    const answering = () => Promise.resolve(new Response(`bad token ${TOKEN_ID}`, { status: 400 }));
    const throwing: HttpOptions['fetch'] = (_, init) => Promise.reject(JSON.stringify(init?.headers));
    for (const fetch of [answering, throwing]) {
      const { backups } = createTrove(stubKeystone(), { fetch }).project(scope);
      const error = await failureOf(backups.create({ name: 'n', instanceId: 'i' }));
      expect(error.message).toContain('***');
      expectNoSecret(error);
    }
  });

  it.each<{ way: string; auth: Auth }>([
    { way: 'an application credential', auth: { method: 'applicationCredential', id: 'ac1', secret: PASSWORD } },
    { way: 'a token', auth: { method: 'token', token: PASSWORD } },
    { way: 'a password of a user by id', auth: { method: 'password', user: { id: 'u1' }, password: PASSWORD } },
    { way: 'a password that is looked up', auth: { method: 'password', user: { id: 'u1' }, password: () => PASSWORD } },
  ])('by a fetch or a Keystone that quotes $way, nor in the cause', async ({ auth }) => {
    const throwing: HttpOptions['fetch'] = (_, init) => Promise.reject(new TypeError('no', { cause: init?.body }));
    const quoting: HttpOptions['fetch'] = (_, init) =>
      Promise.resolve(new Response(String(init?.body), { status: 401 }));
    for (const fetch of [throwing, quoting]) {
      const keystone = createKeystone({ authUrl: 'http://k.test', auth, fetch, sleep: () => Promise.resolve() });
      for (const wanted of [scope, { trustId: 'tr1' }, 'default'] as const) {
        expectNoSecret(await failureOf(keystone.token({ scope: wanted })));
      }
      expectNoSecret(await failureOf(keystone.unscopedToken()));
      expectNoSecret(keystone);
    }
    // A secret that is a function is not printed even by what it is given in.
    if (auth.method === 'password' && typeof auth.password === 'function') expectNoSecret({ auth });
  });

  it('by the token of a trust, or a service that quotes it', async () => {
    const fetch: HttpOptions['fetch'] = (_, init) => {
      const token = new Headers(init?.headers).get('x-auth-token');
      return Promise.resolve(new Response(JSON.stringify({ error: { message: `no ${token}` } }), { status: 403 }));
    };
    const error = await failureOf(createTrusts(stubKeystone(), { authUrl: 'http://k.test', fetch }).received(scope));
    expect(error.message).toContain('no ***');
    expectNoSecret(error);
  });

  it('by the hook for answers', async () => {
    const seen: unknown[] = [];
    const fetch = () => Promise.resolve(new Response('', { status: 202 }));
    const { backups } = createTrove(stubKeystone(), { fetch, onAnswer: (answer) => seen.push(answer) }).project(scope);
    await backups.delete('b');
    expect(seen).toHaveLength(1);
    expectNoSecret(seen);
  });
});
