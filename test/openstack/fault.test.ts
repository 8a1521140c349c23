import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrove, type ErrorCode } from '../../lib/openstack/index.ts';
import { type Capture, capture, captures, failureOf, PROJECT, stubKeystone, TROVE } from './support.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

/** The error that a POST of a backup ends in when this is the answer: a POST is sent once, whatever comes back. */
async function errorOf(answer: Pick<Capture, 'status' | 'headers' | 'body'>, now?: () => number) {
  const scope = nock(TROVE)
    .post(/./)
    .reply(answer.status, answer.body as nock.Body, { ...answer.headers });
  const trove = createTrove(stubKeystone(), { now });
  const error = await failureOf(trove.project({ projectId: PROJECT }).backups.create({ name: 'n', instanceId: 'i' }));
  expect(scope.isDone()).toBe(true);
  expect(error).toMatchObject({ delivery: 'answered', status: answer.status, method: 'POST' });
  return error;
}

describe('a recorded answer that is an error', () => {
  const rows: readonly { readonly what: string; readonly code: ErrorCode; readonly rest?: object }[] = [
    { what: 'instances of all projects, as a member', code: 'forbidden' },
    {
      what: 'instance of another project',
      code: 'not-found',
      rest: { resourceId: '6af1f05e-40dd-47a8-bf0d-8b553eb118c2' },
    },
    { what: 'the admin with the tenant id in the path', code: 'forbidden' },
    { what: 'create a backup while one runs', code: 'busy' },
    { what: 'delete a running backup', code: 'busy' },
    {
      what: 'a parent that does not exist',
      code: 'not-found',
      rest: { resourceId: '00000000-0000-0000-0000-000000000000' },
    },
    {
      what: 'an instance that does not exist',
      code: 'not-found',
      rest: { resourceId: '00000000-0000-0000-0000-000000000000' },
    },
    { what: 'no name', code: 'bad-request' },
    { what: 'description of 256 characters', code: 'bad-request' },
    { what: 'name of one dash', code: 'bad-request' },
    { what: 'backups of all projects, as a member', code: 'forbidden' },
    { what: 'no such token', code: 'unauthorized' },
    { what: 'create a backup beyond the quota of 2', code: 'quota', rest: { retryAfterMs: undefined } },
    { what: 'create a backup while Swift is away', code: 'swift-unavailable' },
    { what: 'beyond the rate limit (5 a minute here)', code: 'rate', rest: { retryAfterMs: 12_000 } },
  ];

  it.each(rows)('"$what" is $code', async ({ what, code, rest }) => {
    expect(await errorOf(capture(what))).toMatchObject({ code, ...rest });
  });

  it('is in the table above, each one', () => {
    const recorded = new Set(captures.filter(({ status }) => status >= 400).map(({ what }) => what));
    expect(recorded).toEqual(new Set(rows.map(({ what }) => what)));
  });
});

describe('an answer from elsewhere', () => {
  const json = { 'content-type': 'application/json' };
  const html = { 'content-type': 'text/html' };
  const rows: readonly {
    readonly what: string;
    readonly answer: Pick<Capture, 'status' | 'headers' | 'body'>;
    readonly code: ErrorCode;
    readonly rest?: object;
  }[] = [
    {
      what: "a failure of Nova, which Trove passes on as a 403 with a text, is the server's",
      answer: { status: 403, headers: json, body: '"Nova is away (HTTP 503)"' },
      code: 'server',
    },
    {
      what: "a failure of Nova that a POST passes on as a 400 is the server's too: the same request may go well later",
      answer: {
        status: 400,
        headers: json,
        body: { badRequest: { code: 400, message: 'Nova is away (HTTP 503) (Request-ID: req-1)' } },
      },
      code: 'server',
    },
    {
      what: 'Swift that refuses connections is Swift, though a 500',
      answer: { status: 500, headers: json, body: { serverError: { code: 500, message: 'Cannot connect to Swift.' } } },
      code: 'swift-unavailable',
    },
    {
      what: 'a catalogue without Swift is Swift, though a 404',
      answer: {
        status: 404,
        headers: json,
        body: { itemNotFound: { code: 404, message: 'Swift is disabled for tenant x.' } },
      },
      code: 'swift-unavailable',
    },
    {
      what: 'a 404 that names nothing has no resource id',
      answer: {
        status: 404,
        headers: json,
        body: { itemNotFound: { code: 404, message: 'The resource could not be found.' } },
      },
      code: 'not-found',
      rest: { resourceId: undefined },
    },
    {
      what: 'a 404 of Keystone names what is missing',
      answer: {
        status: 404,
        headers: json,
        body: { error: { code: 404, message: 'Could not find application credential: ac1.', title: 'Not Found' } },
      },
      code: 'not-found',
      rest: { resourceId: 'ac1' },
    },
    {
      what: 'a 404 of Keystone for a URL it does not have is no answer to go by',
      answer: {
        status: 404,
        headers: json,
        body: { error: { code: 404, message: 'The requested URL was not found on the server.', title: 'Not Found' } },
      },
      code: 'bad-request',
    },
    {
      what: 'a 429, as newer services send, is a rate limit',
      answer: { status: 429, headers: { ...json, 'retry-after': '3' }, body: {} },
      code: 'rate',
      rest: { retryAfterMs: 3_000 },
    },
    {
      what: 'a 404 of a proxy is not Trove saying that something is gone',
      answer: {
        status: 404,
        headers: html,
        body: '<html><head><title>x</title></head><body><h1>Not here</h1></body></html>',
      },
      code: 'bad-request',
    },
    {
      what: 'a 413 of a proxy is neither quota nor rate',
      answer: { status: 413, headers: html, body: '<h1>413 Request Entity Too Large</h1>' },
      code: 'bad-request',
    },
    {
      what: 'a 429 is a rate, with a wait in seconds',
      answer: { status: 429, headers: { 'retry-after': '7' }, body: '' },
      code: 'rate',
      rest: { retryAfterMs: 7_000 },
    },
    {
      what: 'a 503 may say until when',
      answer: { status: 503, headers: { 'retry-after': 'Sun, 22 Nov 2026 06:00:09 GMT' }, body: 'away' },
      code: 'server',
      rest: { retryAfterMs: 9_000 },
    },
    {
      what: 'a time that is over is no wait',
      answer: { status: 503, headers: { 'retry-after': 'Sun, 22 Nov 2026 05:00:00 GMT' }, body: 'away' },
      code: 'server',
      rest: { retryAfterMs: 0 },
    },
    ...['86400', '99999999999999', '9'.repeat(400), 'Fri, 01 Jan 2100 00:00:00 GMT'].map((wait) => ({
      what: `a wait of ${wait.slice(0, 40)} is believed for an hour`,
      answer: { status: 503, headers: { 'retry-after': wait }, body: 'away' },
      code: 'server' as const,
      rest: { retryAfterMs: 3_600_000 },
    })),
    {
      what: 'a time that is none is not known',
      answer: { status: 503, headers: { 'retry-after': 'soon' }, body: 'away' },
      code: 'server',
      rest: { retryAfterMs: undefined },
    },
    {
      what: 'a 409 is a conflict',
      answer: { status: 409, headers: json, body: { conflict: { message: 'x' } } },
      code: 'conflict',
    },
    {
      what: 'a 501 is a request that can never be',
      answer: {
        status: 501,
        headers: json,
        body: { notImplemented: { code: 501, message: 'Operation not supported' } },
      },
      code: 'bad-request',
    },
    {
      what: 'a redirect is not followed',
      answer: { status: 302, headers: { location: 'http://elsewhere.test/' }, body: '' },
      code: 'malformed',
    },
    { what: 'null is no reason', answer: { status: 500, headers: json, body: 'null' }, code: 'server' },
    {
      what: 'a message that is no text is no reason',
      answer: { status: 500, headers: json, body: { message: 5 } },
      code: 'server',
    },
  ];

  it.each(rows)('$what', async ({ answer, code, rest }) => {
    const error = await errorOf(answer, () => Date.parse('2026-11-22T06:00:00Z'));
    expect(error).toMatchObject({ code, ...rest });
  });

  it('is quoted without its tags, on one line, and not at length', async () => {
    const body = `<html><head><style>h1 {}</style></head><body><h1>Bad\n Gateway</h1>${'la '.repeat(10_000)}</body></html>`;
    const { message } = await errorOf({ status: 502, headers: html, body });
    expect(message).toMatch(/^POST http:\/\/trove\.test:8779\/\S+: 502, Bad Gateway la la/);
    expect(message.length).toBeLessThan(600);
  });
});
