import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RULES } from '../../daemon/http/api/rules.ts';
import type { Operation } from '../../daemon/http/api/server.ts';
import { CALLS, pathFor, pathForNobody } from './calls.ts';
import type { Answer } from './daemon.ts';
import { type Belongings, openTwoProjects, type TwoProjects, type Who } from './two-projects.ts';

/** Who may call each route, and what of whom: enumerated from a running service over two projects. */
let world: TwoProjects;
beforeAll(async () => {
  world = await openTwoProjects();
}, 60_000);
afterAll(async () => {
  expect(world.faults).toEqual([]);
  await world.daemon.close();
});

const operations = (): readonly Operation[] => world.daemon.app.apiOperations;
const guarded = (): readonly Operation[] => operations().filter(({ rule }) => rule !== 'public');
const nameOf = ({ method, url }: Operation): string => `${method} ${url}`;
const callOf = (operation: Operation) =>
  CALLS[nameOf({ ...operation, method: operation.method.replace('HEAD', 'GET') })] ?? {};

interface Asked {
  readonly as: Who | 'nobody' | 'nonsense';
  readonly of: Belongings;
  readonly path?: string;
  readonly more?: Readonly<Record<string, string>>;
}

async function ask(operation: Operation, { as, of, path, more }: Asked): Promise<Answer> {
  const { query, body, headers } = callOf(operation);
  const token = as === 'nobody' ? undefined : as === 'nonsense' ? 'gAAAAABnonsense' : world.tokens[as];
  const search = query === undefined ? '' : `?${query}`;
  return await world.daemon.ask(
    operation.method,
    (path ?? pathFor(operation.url, of)) + (path?.includes('?') ? '' : search),
    {
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
      ...(token !== undefined && { 'x-auth-token': token }),
      ...more,
    },
    body && JSON.stringify(body(of)),
  );
}

const titleOf = ({ body }: Answer): unknown => (body as { readonly error?: { readonly title: string } }).error?.title;
const hides = ({ text, headers }: Answer, { secrets }: Belongings): boolean =>
  !secrets.some((secret) => text.includes(secret) || JSON.stringify([...headers]).includes(secret));

const withoutIds = ({ text }: Answer): string => text.replaceAll(/req-[\w-]+|[0-9a-f]{8}-[\w-]{27}|[0-9a-f]{32}/g, '*');

const SPOOFED = (of: Belongings): Readonly<Record<string, string>> => ({
  'x-project-id': of.projectId,
  'x-tenant-id': of.projectId,
  'x-tenant': of.projectId,
  'x-roles': 'admin,member,reader',
  'x-role': 'admin',
  'x-user-id': 'admin',
  'x-user-name': 'admin',
  'x-identity-status': 'Confirmed',
  'x-service-identity-status': 'Confirmed',
  'x-is-admin-project': 'True',
  'x-service-token': world.tokens.admin,
  'x-subject-token': world.tokens.admin,
  authorization: `Bearer ${world.tokens.admin}`,
  'openstack-system-scope': 'all',
  forwarded: 'for=127.0.0.1',
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-user': 'admin',
  'x-original-url': '/v1/docs',
  'x-http-method-override': 'GET',
});

test('every route has a row that calls it, and every row a route', () => {
  const routes = operations().filter(({ method }) => method !== 'HEAD');
  expect(Object.keys(CALLS).toSorted()).toEqual(routes.map(nameOf).toSorted());
});

test('a public route asks nobody who he is, and tells nobody of a project', async () => {
  const open = operations().filter((one) => one.rule === 'public' && one.method === 'GET' && !callOf(one).isPersonal);
  expect(open.length).toBeGreaterThan(2);
  for (const operation of open) {
    const [stranger, member] = [
      await ask(operation, { as: 'nobody', of: world.demo }),
      await ask(operation, { as: 'member', of: world.demo }),
    ];
    expect([stranger.status, withoutIds(stranger)], nameOf(operation)).toEqual([member.status, withoutIds(member)]);
    expect(hides(stranger, world.demo) && hides(stranger, world.alt), nameOf(operation)).toBe(true);
  }
});

test.each(['nobody', 'nonsense', 'revoked', 'expired'] as const)(
  'to %s the routes of the session tell nothing',
  async (as) => {
    const personal = operations().filter((operation) => callOf(operation).isPersonal);
    expect(personal.length).toBeGreaterThan(3);
    for (const operation of personal) {
      const answer = await ask(operation, { as, of: world.demo, more: SPOOFED(world.demo) });
      // Signing out is done where nobody is signed in.
      if (operation.method !== 'DELETE') expect([400, 401], nameOf(operation)).toContain(answer.status);
      expect(answer.headers.get('set-cookie') ?? '', nameOf(operation)).not.toMatch(/=[\w-]{20,}/);
      expect(hides(answer, world.demo), nameOf(operation)).toBe(true);
    }
  },
);

test.each(['nobody', 'nonsense', 'revoked', 'expired'] as const)(
  'with the token of %s no route but the public ones is open',
  async (as) => {
    for (const operation of guarded()) {
      for (const more of [{}, SPOOFED(world.demo)]) {
        const answer = await ask(operation, { as, of: world.demo, more });
        expect([answer.status, nameOf(operation)]).toEqual([401, nameOf(operation)]);
        expect(hides(answer, world.demo), nameOf(operation)).toBe(true);
      }
    }
  },
);

describe('what another project has is as what nobody has, whatever a request says of itself', () => {
  // First, since whoever asks for what is not his has that in his own audit.
  test('in lists, filters and headers', async () => {
    const lists = guarded().filter(({ url, method }) => !url.includes(':') && method === 'GET');
    for (const operation of lists) {
      for (const query of [
        '',
        `?instance_id=${world.demo.instanceId}`,
        `?name=secret`,
        `?target_id=${world.demo.instanceId}`,
        `?marker=${world.demo.runId}`,
      ]) {
        const answer = await ask(operation, {
          as: 'other',
          of: world.alt,
          path: operation.url + query,
          more: SPOOFED(world.demo),
        });
        expect([200, 400, 403], `${nameOf(operation)}${query}`).toContain(answer.status);
        expect(
          hides({ ...answer, text: answer.text.replaceAll(query, '') }, world.demo),
          `${nameOf(operation)}${query}`,
        ).toBe(true);
      }
    }
  });

  test('by its ids in the path', async () => {
    const withId = guarded().filter(({ url, method }) => url.includes(':') && method !== 'HEAD');
    expect(withId.length).toBeGreaterThan(1);
    for (const operation of withId) {
      for (const more of [{}, SPOOFED(world.demo)]) {
        const theirs = await ask(operation, { as: 'other', of: world.demo, more });
        const nobodys = await ask(operation, { as: 'other', of: world.alt, path: pathForNobody(operation.url), more });
        expect([theirs.status, nameOf(operation)]).toEqual([404, nameOf(operation)]);
        expect(['not-found', 'not-held', 'not-marked'], nameOf(operation)).toContain(titleOf(theirs));
        expect(withoutIds(theirs), nameOf(operation)).toBe(withoutIds(nobodys));
      }
    }
  });

  test.each(['member', 'boss'] as const)(
    '%s gets 403 for another project or for all, and nothing of them',
    async (as) => {
      const reading = guarded().filter(({ method, schema }) => method === 'GET' && schema?.querystring);
      for (const operation of reading) {
        for (const query of ['all_projects=true', `project_id=${world.alt.projectId}`]) {
          const path = `${pathFor(operation.url, world.demo)}?${query}`;
          const answer = await ask(operation, { as, of: world.demo, path });
          expect([400, 403], `${nameOf(operation)} ${query}`).toContain(answer.status);
          expect(
            hides({ ...answer, text: answer.text.replaceAll(world.alt.projectId, '') }, world.alt),
            nameOf(operation),
          ).toBe(true);
        }
      }
    },
  );

  test('nor does a body that names another project change whose it is', async () => {
    const writing = guarded().filter(({ method, schema }) => ['POST', 'PUT', 'PATCH'].includes(method) && schema?.body);
    for (const operation of writing) {
      const body = { ...(callOf(operation).body?.(world.demo) as object), project_id: world.alt.projectId };
      const headers = { 'x-auth-token': world.tokens.member, 'content-type': 'application/json' };
      const answer = await world.daemon.ask(
        operation.method,
        pathFor(operation.url, world.demo),
        headers,
        JSON.stringify(body),
      );
      expect([answer.status, nameOf(operation)]).toEqual([400, nameOf(operation)]);
    }
  });
});

const MEMBERS = ['reader', 'member', 'boss'] as const;
const HAS = { reader: ['reader'], member: ['member', 'reader'], boss: ['admin', 'member', 'reader'] } as const;

const mayByRole = (as: (typeof MEMBERS)[number], { rule }: Operation): boolean =>
  (RULES[rule as keyof typeof RULES] as readonly string[]).some((role) =>
    (HAS[as] as readonly string[]).includes(role),
  );

/** Reading first: what changes things comes when all have read. */
describe.each([
  { what: 'read', isMeant: ({ method }: Operation) => method === 'GET' || method === 'HEAD', done: [200] },
  {
    what: 'change',
    isMeant: ({ method }: Operation) => method !== 'GET' && method !== 'HEAD',
    // Whatever else is wrong with it, who asks is not.
    done: [200, 201, 202, 204, 400, 404, 409, 412, 422, 428],
  },
])('in his own project', ({ what, isMeant, done }) => {
  test.each(MEMBERS)(`%s may ${what} what the rules let his roles, and nothing else`, async (as) => {
    for (const operation of guarded().filter(isMeant)) {
      // What is for those alone who see all: a role is not enough.
      const allowed = mayByRole(as, operation) && operation.rule !== 'region:read';
      const answer = await ask(operation, { as, of: world.demo });
      const name = `${nameOf(operation)}: ${answer.text.slice(0, 300)}`;
      if (allowed) expect(done, name).toContain(answer.status);
      else expect(answer.status, name).toBe(403);
      expect(hides(answer, world.alt), name).toBe(true);
    }
  });
});

test.each(['admin', 'system'] as const)('the region is open to a token of %s', async (as) => {
  const region = guarded().filter(({ rule }) => rule === 'region:read');
  expect(region.length).toBeGreaterThan(0);
  for (const operation of region) expect((await ask(operation, { as, of: world.demo })).status).toBe(200);
});

test.each(['admin', 'system'] as const)(
  'a token of %s reads every project, each by its id or all together',
  async (as) => {
    const reading = guarded().filter(
      ({ method, schema }) =>
        method === 'GET' &&
        JSON.stringify(Object.keys((schema?.querystring as { shape?: object })?.shape ?? {})).includes('all_projects'),
    );
    expect(reading.length).toBeGreaterThan(3);
    for (const operation of reading) {
      for (const of of [world.demo, world.alt]) {
        for (const query of ['all_projects=true', `project_id=${of.projectId}`]) {
          const own = callOf(operation).query;
          const path = `${pathFor(operation.url, of)}?${query}${own ? `&${own}` : ''}`;
          const answer = await ask(operation, { as, of, path });
          expect([answer.status, `${nameOf(operation)} ${query}`]).toEqual([200, `${nameOf(operation)} ${query}`]);
        }
      }
    }
  },
);

test('an admin who names no project sees that of his token, which has none of these', async () => {
  for (const operation of guarded().filter(({ url, method }) => url.includes(':') && method === 'GET')) {
    expect([(await ask(operation, { as: 'admin', of: world.demo })).status, nameOf(operation)]).toEqual([
      404,
      nameOf(operation),
    ]);
  }
});
