import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { createKeystone, createTrove, type KeystoneOptions } from '../../lib/openstack/index.ts';
import { KEYSTONE, REFUSED, START, tokenBody } from './keystone-answers.ts';
import { noNetwork } from './no-network.ts';
import { failureOf, PROJECT } from './support.ts';

const HOUR = 3_600_000;
const scope = { projectId: PROJECT };

noNetwork();

function setUp(options: Partial<KeystoneOptions> = {}) {
  const clock = { nowUtc: START };
  const keystone = createKeystone({
    authUrl: `${KEYSTONE}/v3`,
    username: 'autobackup',
    password: 'c0rrect-horse',
    now: () => clock.nowUtc,
    sleep: () => Promise.resolve(),
    ...options,
  });
  return { clock, keystone };
}

const identity = {
  methods: ['password'],
  password: { user: { name: 'autobackup', domain: { name: 'Default' }, password: 'c0rrect-horse' } },
};
const PROJECT_SCOPE = { project: { id: PROJECT } };

function posts(wantedScope: unknown) {
  return nock(KEYSTONE).post('/v3/auth/tokens', { auth: { identity, scope: wantedScope } } as nock.RequestBodyMatcher);
}

/** Keystone gives these tokens, one a request, for the project. */
function gives(...ids: string[]): void {
  for (const id of ids) posts(PROJECT_SCOPE).reply(201, tokenBody(), { 'x-subject-token': id });
}

describe('a token', () => {
  it('is of the project, with its roles and times', async () => {
    gives('t1');
    expect({ ...(await setUp().keystone.token({ scope })) }).toEqual({
      projectId: PROJECT,
      projectName: 'demo',
      projectDomain: { id: 'default', name: 'Default' },
      userId: 'u1',
      issuedUtc: Date.parse('2026-11-22T05:48:00Z'),
      expiresUtc: Date.parse('2026-11-22T06:48:00Z'),
      roles: ['database_backup'],
      catalogue: [
        { type: 'database', interface: 'public', region: 'RegionOne', url: `http://trove.test:8779/v1.0/${PROJECT}` },
      ],
    });
  });

  it('is asked for by the names of a project and its domain', async () => {
    posts({ project: { name: 'demo', domain: { name: 'Default' } } }).reply(201, tokenBody(), {
      'x-subject-token': 't1',
    });
    const token = await setUp().keystone.token({ scope: { projectName: 'demo', projectDomainName: 'Default' } });
    expect(token.id).toBe('t1');
  });

  it('is asked for with the domain of the user', async () => {
    const user = { ...identity.password.user, domain: { name: 'Corp' } };
    nock(KEYSTONE)
      .post('/v3/auth/tokens', { auth: { identity: { ...identity, password: { user } }, scope: PROJECT_SCOPE } })
      .reply(201, tokenBody(), { 'x-subject-token': 't1' });
    await setUp({ userDomainName: 'Corp' }).keystone.token({ scope });
  });

  it.each([`${KEYSTONE}/v3`, `${KEYSTONE}/v3/`, KEYSTONE, `${KEYSTONE}/`])('is asked for at %s', async (authUrl) => {
    gives('t1');
    expect((await setUp({ authUrl }).keystone.token({ scope })).id).toBe('t1');
  });

  it.each([
    ['keystone.test', 'is not a URL'],
    ['ftp://keystone.test', 'must begin with https:// or http://'],
    ['http://admin:hunter2@keystone.test', 'must not hold a user or a password'],
  ])('is not asked for at %s', (authUrl, reason) => {
    expect(() => setUp({ authUrl })).toThrow(`authUrl ${reason}`);
    expect(() => setUp({ databaseEndpointOverride: authUrl })).toThrow(`databaseEndpointOverride ${reason}`);
    expect(() => setUp({ authUrl })).not.toThrow('hunter2');
  });

  it('may come without a catalogue, and with the region under its other name', async () => {
    posts(PROJECT_SCOPE).reply(201, tokenBody({ catalog: undefined }), { 'x-subject-token': 't1' });
    expect((await setUp().keystone.token({ scope })).catalogue).toEqual([]);

    const endpoints = [
      { interface: 'public', region_id: 'R2', url: 'http://a' },
      { interface: 'public', url: 'http://b' },
    ];
    posts(PROJECT_SCOPE).reply(201, tokenBody({ catalog: [{ type: 'database', endpoints }] }), {
      'x-subject-token': 't1',
    });
    const { catalogue } = await setUp().keystone.token({ scope });
    expect(catalogue.map(({ region }) => region)).toEqual(['R2', null]);
  });

  it('is refused without its id, and with a field of the wrong type', async () => {
    posts(PROJECT_SCOPE).reply(201, tokenBody());
    expect(await failureOf(setUp().keystone.token({ scope }))).toMatchObject({
      code: 'malformed',
      field: 'header X-Subject-Token',
    });
    posts(PROJECT_SCOPE).reply(201, tokenBody({ expires_at: null }), { 'x-subject-token': 't1' });
    expect(await failureOf(setUp().keystone.token({ scope }))).toMatchObject({
      code: 'malformed',
      field: 'token.expires_at',
    });
  });
});

describe('the cache of tokens', () => {
  it('gives the same one until five minutes before its end, counted by this clock', async () => {
    gives('t1', 't2');
    const { clock, keystone } = setUp();
    await keystone.token({ scope });
    clock.nowUtc = START + HOUR - 5 * 60_000 - 1;
    expect((await keystone.token({ scope })).id).toBe('t1');
    clock.nowUtc += 1;
    expect((await keystone.token({ scope })).id).toBe('t2');
  });

  it('gives a short-lived one for three quarters of its life', async () => {
    const short = tokenBody({ expires_at: '2026-11-22T05:49:00.000000Z' });
    posts(PROJECT_SCOPE).reply(201, short, { 'x-subject-token': 't1' });
    gives('t2');
    const { clock, keystone } = setUp();
    await keystone.token({ scope });
    clock.nowUtc += 44_999;
    expect((await keystone.token({ scope })).id).toBe('t1');
    clock.nowUtc += 1;
    expect((await keystone.token({ scope })).id).toBe('t2');
  });

  it('asks once for all who wait', async () => {
    gives('t1');
    const { keystone } = setUp();
    const tokens = await Promise.all([1, 2, 3].map(() => keystone.token({ scope })));
    expect(tokens.map(({ id }) => id)).toEqual(['t1', 't1', 't1']);
  });

  it('asks again after a failure', async () => {
    posts(PROJECT_SCOPE).reply(400, {});
    gives('t1');
    const { keystone } = setUp();
    expect(await failureOf(keystone.token({ scope }))).toMatchObject({ code: 'bad-request' });
    expect((await keystone.token({ scope })).id).toBe('t1');
  });

  it('keeps projects apart', async () => {
    gives('t1');
    posts({ project: { id: 'p2' } }).reply(201, tokenBody(), { 'x-subject-token': 't2' });
    const { keystone } = setUp();
    await keystone.token({ scope });
    expect((await keystone.token({ scope: { projectId: 'p2' } })).id).toBe('t2');
    expect((await keystone.token({ scope })).id).toBe('t1');
  });

  it('drops what has ended, whosever it was', async () => {
    gives('t1');
    posts({ project: { id: 'p2' } }).reply(201, tokenBody(), { 'x-subject-token': 't2' });
    gives('t3');
    const { clock, keystone } = setUp();
    await keystone.token({ scope });
    clock.nowUtc += HOUR;
    await keystone.token({ scope: { projectId: 'p2' } });
    // Back in time the first would be good again, had it stayed.
    clock.nowUtc -= HOUR;
    expect((await keystone.token({ scope })).id).toBe('t3');
  });

  it('is passed by for a fresh one, which does not stay', async () => {
    gives('t1', 't2');
    const { keystone } = setUp();
    await keystone.token({ scope });
    expect((await keystone.token({ scope, fresh: true })).id).toBe('t2');
    expect((await keystone.token({ scope })).id).toBe('t1');
  });

  it('forgets the one that the service refused, and no other', async () => {
    gives('t1', 't2', 't3');
    const { keystone } = setUp();
    keystone.invalidate(await keystone.token({ scope, fresh: true }));
    const cached = await keystone.token({ scope });
    expect(cached.id).toBe('t2');
    keystone.invalidate(cached);
    expect((await keystone.token({ scope })).id).toBe('t3');
  });

  it('does not fail the others when one gives up', async () => {
    posts(PROJECT_SCOPE).delay(50).reply(201, tokenBody(), { 'x-subject-token': 't1' });
    const { keystone } = setUp();
    const controller = new AbortController();
    const first = failureOf(keystone.token({ scope, signal: controller.signal }));
    const hasty = failureOf(keystone.token({ scope, deadlineMs: 10 }));
    const second = keystone.token({ scope });
    controller.abort();
    expect(await first).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
    expect(await hasty).toMatchObject({ code: 'timeout', delivery: 'not-sent' });
    expect((await second).id).toBe('t1');
  });

  it('is not asked for by one who had given up before', async () => {
    const fetch = () => Promise.reject(new Error('it was asked for'));
    const gone = setUp({ fetch }).keystone.token({ scope, signal: AbortSignal.abort() });
    expect(await failureOf(gone)).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
    // An answer that nobody waits for would end the process about now.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('a 401 of Keystone', () => {
  it('is a wrong password when even a token without a scope is refused', async () => {
    posts(PROJECT_SCOPE).reply(401, REFUSED, { 'x-openstack-request-id': 'req-theirs' });
    posts('unscoped').reply(401, REFUSED);
    const error = await failureOf(setUp().keystone.token({ scope }));
    expect(error).toMatchObject({ code: 'unauthorized', status: 401, requestId: 'req-theirs' });
  });

  it('is a missing role when a token without a scope is given', async () => {
    posts(PROJECT_SCOPE).reply(401, REFUSED);
    posts('unscoped').reply(201, {}, { 'x-subject-token': 't0' });
    const error = await failureOf(setUp().keystone.token({ scope }));
    expect(error).toMatchObject({ code: 'no-role', status: 401, cause: { code: 'unauthorized' } });
    expect(error.message).toContain(`User "autobackup" has no role on project ${PROJECT}`);
  });

  it('names the project as it was asked for', async () => {
    posts({ project: { name: 'demo', domain: { name: 'D' } } }).reply(401, REFUSED);
    posts('unscoped').reply(201, {}, { 'x-subject-token': 't0' });
    const error = await failureOf(setUp().keystone.token({ scope: { projectName: 'demo', projectDomainName: 'D' } }));
    expect(error.message).toContain('project "demo" of domain "D"');
  });

  it('is what went wrong next when it cannot be told', async () => {
    posts(PROJECT_SCOPE).reply(401, REFUSED);
    posts('unscoped').times(3).reply(503, 'away');
    expect(await failureOf(setUp().keystone.token({ scope }))).toMatchObject({ code: 'server', status: 503 });
  });
});

describe('a token that cannot be had', () => {
  it('is asked for again when Keystone is away for a moment', async () => {
    posts(PROJECT_SCOPE).times(2).reply(503, 'away');
    gives('t1');
    expect((await setUp().keystone.token({ scope })).id).toBe('t1');
  });

  it('means that the call which needed it was not sent', async () => {
    posts(PROJECT_SCOPE).reply(401, REFUSED);
    posts('unscoped').reply(201, {}, { 'x-subject-token': 't0' });
    const { backups } = createTrove(setUp().keystone).project(scope);
    const error = await failureOf(backups.create({ name: 'n', instanceId: 'i' }));
    expect(error).toMatchObject({ code: 'no-role', delivery: 'not-sent' });
  });

  it('leaves an error of another kind as it is', async () => {
    const odd = new RangeError('not of this client');
    const keystone = { ...setUp().keystone, token: () => Promise.reject(odd) };
    await expect(createTrove(keystone).project(scope).quotas()).rejects.toBe(odd);
  });
});

describe("Trove's URL", () => {
  it('comes from the catalogue', async () => {
    gives('t1');
    const { keystone } = setUp();
    expect(keystone.databaseUrl(await keystone.token({ scope }))).toBe(`http://trove.test:8779/v1.0/${PROJECT}`);
  });

  it('comes from the override, whatever the catalogue has', async () => {
    gives('t1');
    const { keystone } = setUp({ databaseEndpointOverride: 'http://other.test/db', regionName: 'Mars' });
    expect(keystone.databaseUrl(await keystone.token({ scope }))).toBe(`http://other.test/db/v1.0/${PROJECT}`);
  });

  it('is not guessed for another region or interface', async () => {
    gives('t1');
    const { keystone } = setUp({ regionName: 'Mars', interface: 'internal' });
    const token = await keystone.token({ scope });
    expect(() => keystone.databaseUrl(token)).toThrow(
      'The catalogue has no "database" endpoint, interface internal, region Mars; it has public in RegionOne',
    );
  });

  it('means, where there is none, that nothing was sent', async () => {
    gives('t1');
    const { backups } = createTrove(setUp({ regionName: 'Mars' }).keystone).project(scope);
    const error = await failureOf(backups.create({ name: 'n', instanceId: 'i' }));
    expect(error).toMatchObject({ code: 'no-endpoint', delivery: 'not-sent' });
  });
});
