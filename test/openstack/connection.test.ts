import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { surelyNotSent } from '../../lib/openstack/connection.ts';
import {
  createTrove,
  type Delivery,
  type ErrorCode,
  mayHaveHappened,
  type TroveOptions,
} from '../../lib/openstack/index.ts';
import { closedPort, fullPort, type TestServer, tcpServer } from './servers.ts';
import { failureOf, PROJECT, stubKeystone } from './support.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function started(server: Promise<TestServer>): Promise<TestServer> {
  servers.push(await server);
  return server;
}

const scope = { projectId: PROJECT };
const wanted = { name: 'n1', instanceId: '6af1f05e-40dd-47a8-bf0d-8b553eb118c2' };

function backupsAt(url: string, options: TroveOptions = {}) {
  return createTrove(stubKeystone(url), options).project(scope).backups;
}

interface Row {
  readonly what: string;
  readonly onRequest?: (socket: Socket) => void;
  readonly onConnect?: (socket: Socket) => void;
  readonly options?: TroveOptions;
  readonly code: ErrorCode;
  readonly delivery: Delivery;
  readonly seen: number;
  readonly status?: number;
}

const HEAD = 'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\nx-openstack-request-id: req-theirs\r\n';

describe('a POST that gets no full answer', () => {
  const rows: readonly Row[] = [
    {
      what: 'is unknown when the connection is reset after it was written',
      onRequest: (socket) => socket.resetAndDestroy(),
      code: 'connection',
      delivery: 'unknown',
      seen: 1,
    },
    {
      what: 'is unknown when the server closes without a word',
      onRequest: (socket) => socket.end(),
      code: 'connection',
      delivery: 'unknown',
      seen: 1,
    },
    {
      what: 'is unknown when the answer is not HTTP',
      onRequest: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
      code: 'connection',
      delivery: 'unknown',
      seen: 1,
    },
    {
      what: 'is unknown when a body of known length is cut',
      onRequest: (socket) => socket.end(`${HEAD}content-length: 100\r\n\r\n{"backup"`),
      code: 'connection',
      delivery: 'unknown',
      seen: 1,
      status: 202,
    },
    {
      what: 'is unknown when a chunked body is cut',
      onRequest: (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\n{"b\r\n`),
      code: 'connection',
      delivery: 'unknown',
      seen: 1,
      status: 202,
    },
    {
      what: 'is unknown when no answer begins in time',
      options: { timeoutMs: 100 },
      code: 'timeout',
      delivery: 'unknown',
      seen: 1,
    },
    {
      what: 'is unknown when the body does not end in time',
      onRequest: (socket) => socket.write(`${HEAD}content-length: 100\r\n\r\n{"backup"`),
      options: { timeoutMs: 150 },
      code: 'timeout',
      delivery: 'unknown',
      seen: 1,
      status: 202,
    },
    {
      what: 'was answered, though too long to read, when its length is declared',
      onRequest: (socket) => socket.end(`${HEAD}content-length: 2000\r\n\r\n${'x'.repeat(2000)}`),
      options: { maxBodyBytes: 1000 },
      code: 'too-large',
      delivery: 'answered',
      seen: 1,
      status: 202,
    },
    {
      what: 'was answered, though the body has no end',
      onRequest: (socket) => {
        socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
        const timer = setInterval(() => socket.write(`3e8\r\n${'x'.repeat(1000)}\r\n`), 1);
        socket.on('close', () => clearInterval(timer));
      },
      options: { maxBodyBytes: 50_000 },
      code: 'too-large',
      delivery: 'answered',
      seen: 1,
      status: 202,
    },
    {
      what: 'was not sent when the connection is reset before it stands',
      onConnect: (socket) => socket.resetAndDestroy(),
      code: 'connection',
      delivery: 'not-sent',
      seen: 0,
    },
  ];

  it.each(rows)('$what', async ({ onRequest, onConnect, options, code, delivery, seen, status }) => {
    const server = await started(tcpServer({ ...(onRequest && { onRequest }), ...(onConnect && { onConnect }) }));
    const error = await failureOf(backupsAt(server.url, options).create(wanted));
    expect(error).toMatchObject({ code, delivery, status });
    expect(error.requestId).toBe(status === undefined ? undefined : 'req-theirs');
    expect(server.seen()).toBe(seen);
    expect(mayHaveHappened(error)).toBe(delivery !== 'not-sent');
  });

  it('was not sent when nobody listens', async () => {
    const error = await failureOf(backupsAt(await closedPort()).create(wanted));
    expect(error).toMatchObject({ code: 'connection', delivery: 'not-sent' });
    expect(error.message).toContain('ECONNREFUSED');
    expect(mayHaveHappened(error)).toBe(false);
  });

  it('was not sent when nobody listens at any address of the name', async () => {
    const error = await failureOf(backupsAt(await closedPort('localhost')).create(wanted));
    expect(error).toMatchObject({ code: 'connection', delivery: 'not-sent' });
  });

  it('was not sent when the name does not exist', async () => {
    const error = await failureOf(backupsAt('http://trove.invalid:8779').create(wanted));
    expect(error).toMatchObject({ code: 'connection', delivery: 'not-sent' });
    expect(error.message).toContain('getaddrinfo');
  });

  it('was not sent when the URL is none', async () => {
    const error = await failureOf(backupsAt('http://[trove').create(wanted));
    expect(error).toMatchObject({ code: 'connection', delivery: 'not-sent' });
  });

  it('was not sent when no connection comes about in time', async () => {
    const { url } = await started(fullPort());
    const error = await failureOf(backupsAt(url).create(wanted));
    expect(error).toMatchObject({
      code: 'connection',
      delivery: 'not-sent',
      cause: { cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } },
    });
  });

  it('is unknown when a connection kept from an earlier call is reset', async () => {
    const server = await started(
      tcpServer({
        onRequest: (socket, count) => {
          if (count === 1) socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n');
          else socket.resetAndDestroy();
        },
      }),
    );
    const backups = backupsAt(server.url);
    await backups.delete('b1');
    const error = await failureOf(backups.create(wanted));
    expect(error).toMatchObject({ code: 'connection', delivery: 'unknown' });
    expect(server.seen()).toBe(2);
  });
});

describe('a call that its caller ends', () => {
  it('was not sent when it was given up before', async () => {
    const server = await started(tcpServer({}));
    const error = await failureOf(backupsAt(server.url).create(wanted, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
    expect(server.seen()).toBe(0);
  });

  it('was not sent when its deadline is over before', async () => {
    const server = await started(tcpServer({}));
    const error = await failureOf(backupsAt(server.url).create(wanted, { deadlineMs: 0 }));
    expect(error).toMatchObject({ code: 'timeout', delivery: 'not-sent' });
    expect(server.seen()).toBe(0);
  });

  it('is unknown when it is given up on the way', async () => {
    const controller = new AbortController();
    const server = await started(tcpServer({ onRequest: () => controller.abort() }));
    const error = await failureOf(backupsAt(server.url).create(wanted, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', delivery: 'unknown' });
  });

  it('is unknown when its deadline comes before the limit of one attempt', async () => {
    const server = await started(tcpServer({}));
    const error = await failureOf(backupsAt(server.url).create(wanted, { deadlineMs: 100 }));
    expect(error).toMatchObject({ code: 'timeout', delivery: 'unknown' });
    expect(error.message).toContain('deadline');
  });

  it('ends even when fetch does not mind its signal', async () => {
    const deaf = () => new Promise<Response>(() => {});
    const error = await failureOf(backupsAt('http://any', { fetch: deaf, timeoutMs: 50 }).create(wanted));
    expect(error).toMatchObject({ code: 'timeout', delivery: 'unknown' });
  });

  it('leaves no listener on the signal behind', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const server = await started(
      tcpServer({ onRequest: (socket) => socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n') }),
    );
    await backupsAt(server.url).delete('b1', { signal });
    expect(add.mock.calls.length).toBeGreaterThan(0);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });
});

describe('a message says why', () => {
  const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
  it.each([
    [
      'each address of several',
      new AggregateError([refused('::1'), refused('127.0.0.1')]),
      'ECONNREFUSED ::1, connect ECONNREFUSED 127',
    ],
    ['what several addresses have in common', new AggregateError([refused('::1')], 'none of them'), 'none of them'],
    ['the kind of an error without words', new RangeError(''), 'RangeError'],
  ])('%s', async (_, cause, words) => {
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const error = await failureOf(backupsAt('http://any', { fetch }).create(wanted));
    expect(error.message).toContain(words);
  });

  it('and an answer without a body is one', async () => {
    const fetch = () => Promise.resolve(new Response(null, { status: 204 }));
    expect(await backupsAt('http://any', { fetch }).delete('b1')).toBeUndefined();
  });
});

describe('what surely was not sent', () => {
  const withFields = (fields: object) => Object.assign(new Error('x'), fields);
  const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });
  const refused = withFields({ code: 'ECONNREFUSED', syscall: 'connect' });
  const rows: readonly { readonly what: string; readonly error: unknown; readonly expected: boolean }[] = [
    { what: 'every address refused', error: fetchFailed(new AggregateError([refused, refused])), expected: true },
    {
      what: 'not if one of several broke later',
      error: fetchFailed(new AggregateError([refused, withFields({ code: 'ECONNRESET', syscall: 'read' })])),
      expected: false,
    },
    { what: 'not of no reasons at all', error: fetchFailed(new AggregateError([])), expected: false },
    { what: 'no route', error: fetchFailed(withFields({ code: 'EHOSTUNREACH', syscall: 'connect' })), expected: true },
    {
      what: 'not a route lost on a standing connection',
      error: fetchFailed(withFields({ code: 'EHOSTUNREACH', syscall: 'read' })),
      expected: false,
    },
    {
      what: 'a name server that does not answer',
      error: fetchFailed(withFields({ code: 'EAI_AGAIN', syscall: 'getaddrinfo' })),
      expected: true,
    },
    {
      what: 'a certificate of an unknown authority',
      error: fetchFailed(withFields({ code: 'SELF_SIGNED_CERT_IN_CHAIN' })),
      expected: true,
    },
    {
      what: 'a certificate of another name',
      error: fetchFailed(withFields({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })),
      expected: true,
    },
    { what: 'not a broken pipe', error: fetchFailed(withFields({ code: 'EPIPE', syscall: 'write' })), expected: false },
    { what: 'not what undici closed', error: fetchFailed(withFields({ code: 'UND_ERR_SOCKET' })), expected: false },
    { what: 'not an error without a reason', error: new TypeError('fetch failed'), expected: false },
    { what: 'not something that is no error', error: 'refused', expected: false },
  ];
  it.each(rows)('$what', ({ error, expected }) => {
    expect(surelyNotSent(error)).toBe(expected);
  });
});
