import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallOptions, createTrove, type Keystone, OpenStackError } from '../../lib/openstack/index.ts';
import { closedPort } from './servers.ts';
import { type Capture, capture, failureOf, PROJECT, stubKeystone, TROVE } from './support.ts';

beforeEach(() => {
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});
afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(left).toEqual([]);
});

const OK = { status: 200, headers: {}, body: { backups: [] } };
const AWAY = { status: 503, headers: {}, body: 'away' };
const rate = (seconds: number) => ({
  ...capture('beyond the rate limit (5 a minute here)'),
  headers: { 'retry-after': `${seconds}` },
});
const NO_TOKEN = capture('no such token');

type Answer = Pick<Capture, 'status' | 'headers' | 'body'>;

/** Reads the backups of the project, from a Trove that gives these answers in turn. */
async function read(answers: readonly Answer[], call?: CallOptions, keystone: Keystone = stubKeystone()) {
  const waits: number[] = [];
  for (const { status, headers, body } of answers) {
    nock(TROVE)
      .get(`/v1.0/${PROJECT}/backups?limit=1000`)
      .reply(status, body as nock.Body, { ...headers });
  }
  const trove = createTrove(keystone, { sleep: (ms) => Promise.resolve(void waits.push(ms)) });
  const result = trove.project({ projectId: PROJECT }).backups.list({}, call);
  const outcome = await result.then(
    () => 'read',
    (error: unknown) => (error instanceof OpenStackError ? error.code : error),
  );
  return { outcome, waits };
}

describe('a read', () => {
  const rows: readonly {
    readonly what: string;
    readonly answers: readonly Answer[];
    readonly outcome: string;
    readonly waits: readonly number[];
  }[] = [
    { what: 'is tried again when the server fails', answers: [AWAY, AWAY, OK], outcome: 'read', waits: [250, 1_000] },
    { what: 'is given up after three failures', answers: [AWAY, AWAY, AWAY], outcome: 'server', waits: [250, 1_000] },
    {
      what: 'waits as long as a failing server says',
      answers: [{ ...AWAY, headers: { 'retry-after': '3' } }, OK],
      outcome: 'read',
      waits: [3_000],
    },
    { what: 'waits out a rate limit', answers: [rate(12), rate(1), OK], outcome: 'read', waits: [12_000, 1_000] },
    {
      what: 'waits a little where the rate limit does not say how long',
      answers: [{ status: 429, headers: {}, body: '' }, OK],
      outcome: 'read',
      waits: [5_000],
    },
    { what: 'does not wait longer than a minute', answers: [rate(61)], outcome: 'rate', waits: [] },
    {
      what: 'counts each kind of failure by itself',
      answers: [AWAY, rate(1), AWAY, OK],
      outcome: 'read',
      waits: [250, 1_000, 1_000],
    },
    { what: 'takes a new token once', answers: [NO_TOKEN, OK], outcome: 'read', waits: [] },
    { what: 'takes a new token only once', answers: [NO_TOKEN, NO_TOKEN], outcome: 'unauthorized', waits: [] },
    {
      what: 'takes no new token for a 401 of Swift',
      answers: [capture('create a backup while Swift is away')],
      outcome: 'swift-unavailable',
      waits: [],
    },
    {
      what: 'takes no new token for a 401 that wants an admin',
      answers: [capture('instances of all projects, as a member')],
      outcome: 'forbidden',
      waits: [],
    },
    {
      what: 'is not tried again when it was refused',
      answers: [capture('no name')],
      outcome: 'bad-request',
      waits: [],
    },
    {
      what: 'is not tried again when it makes no sense',
      answers: [{ ...OK, body: {} }],
      outcome: 'malformed',
      waits: [],
    },
  ];
  it.each(rows)('$what', async ({ answers, outcome, waits }) => {
    expect(await read(answers)).toEqual({ outcome, waits });
  });

  it('drops the token that was refused', async () => {
    const keystone = stubKeystone();
    await read([NO_TOKEN, OK], {}, keystone);
    expect(keystone.asked).toEqual(['cached', 'cached']);
    expect(keystone.dropped).toHaveLength(1);
  });

  it('ends when there is no new token', async () => {
    const stub = stubKeystone();
    const refused = new OpenStackError('x', { code: 'no-role', delivery: 'answered' });
    const token: Keystone['token'] = (options) =>
      stub.dropped.length > 0 ? Promise.reject(refused) : stub.token(options);
    expect(await read([NO_TOKEN], {}, { ...stub, token })).toEqual({ outcome: 'no-role', waits: [] });
  });

  it("is not tried again for an error that is not this client's", async () => {
    const odd = new RangeError('of somebody else');
    const databaseUrl = () => {
      throw odd;
    };
    expect(await read([], {}, { ...stubKeystone(), databaseUrl })).toEqual({ outcome: odd, waits: [] });
  });

  it('does not wait beyond its deadline', async () => {
    expect(await read([rate(12)], { deadlineMs: 5_000 })).toEqual({ outcome: 'rate', waits: [] });
  });

  it('is tried again when nobody listens', async () => {
    const waits: number[] = [];
    const keystone = stubKeystone(await closedPort());
    const trove = createTrove(keystone, { sleep: (ms) => Promise.resolve(void waits.push(ms)) });
    const error = await failureOf(trove.project({ projectId: PROJECT }).limits());
    expect(error).toMatchObject({ code: 'connection', delivery: 'not-sent' });
    expect(waits).toEqual([250, 1_000]);
  });

  it('ends at once when it is given up between two attempts', async () => {
    nock(TROVE).get(`/v1.0/${PROJECT}/limits`).reply(503, 'away', { 'retry-after': '30' });
    const controller = new AbortController();
    const trove = createTrove(stubKeystone(), { onAnswer: () => setTimeout(() => controller.abort(), 20) });
    const startedMs = performance.now();
    const error = await failureOf(trove.project({ projectId: PROJECT }).limits({ signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', cause: { code: 'server' } });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('is not tried again when it was given up before the wait', async () => {
    const controller = new AbortController();
    nock(TROVE).get(`/v1.0/${PROJECT}/limits`).reply(503, 'away');
    const trove = createTrove(stubKeystone(), { onAnswer: () => controller.abort() });
    const error = await failureOf(trove.project({ projectId: PROJECT }).limits({ signal: controller.signal }));
    expect(error.code).toBe('aborted');
  });

  it('waits in truth where no other sleep is given', async () => {
    nock(TROVE).get(`/v1.0/${PROJECT}/limits`).reply(503, 'away');
    nock(TROVE).get(`/v1.0/${PROJECT}/limits`).reply(200, { limits: [] });
    const startedMs = performance.now();
    const limits = await createTrove(stubKeystone()).project({ projectId: PROJECT }).limits();
    expect(limits).toEqual({ maxBackups: undefined, rates: [] });
    expect(performance.now() - startedMs).toBeGreaterThan(240);
  });
});

describe('a write is sent once, whatever comes back', () => {
  const answers = { AWAY, 'a rate limit': rate(1), 'a token refused': NO_TOKEN };
  it.each(Object.entries(answers))('%s', async (_, { status, headers, body }) => {
    nock(TROVE)
      .post(`/v1.0/${PROJECT}/backups`)
      .reply(status, body as nock.Body, { ...headers });
    nock(TROVE)
      .delete(`/v1.0/${PROJECT}/backups/b`)
      .reply(status, body as nock.Body, { ...headers });
    const { backups } = createTrove(stubKeystone()).project({ projectId: PROJECT });
    expect((await failureOf(backups.create({ name: 'n', instanceId: 'i' }))).status).toBe(status);
    expect((await failureOf(backups.delete('b'))).status).toBe(status);
  });
});
