import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { clockOf } from '../../../daemon/clock.ts';
import { HEARTBEAT_MS } from '../../../daemon/http/events/stream.ts';
import type { DaemonOptions } from '../daemon.ts';
import { clientOf } from './client.ts';
import { type Served, serve } from './served.ts';
import { filled, SITES } from './sites.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const GUESSES = 3;
const LIMIT = 64 * 1024;

/** Reads a stream until it has said this so often; tells where it ended before. */
async function until(stream: IncomingMessage, wanted: string, times = 1): Promise<string> {
  let heard = '';
  try {
    for await (const chunk of stream) {
      heard += chunk;
      if (heard.split(wanted).length > times) return heard;
    }
  } catch {
    return `${heard}<cut>`;
  }
  return `${heard}<end>`;
}

describe.each(SITES)('behind nginx, by $name', (site) => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(site, { http: { rates: { guesses_per_minute: GUESSES } } });
  });
  afterAll(() => served.close());
  const asDemo = async () => ({ 'x-auth-token': await served.daemon.token('demo', 'demo') });
  const signIn = (headers: Readonly<Record<string, string>> = {}, user = 'demo') =>
    served.client.ask('/v1/session', {
      method: 'POST',
      headers: { ...JSON_TYPE, ...headers },
      body: JSON.stringify({ user, password: 'demo' }),
    });

  test('the session’s cookie is bound to https and to where the service lies', async () => {
    const { status, headers } = await signIn();
    const [cookie] = headers['set-cookie'] ?? [];
    expect([status, cookie?.replace(/=.*?;/, ';')]).toEqual([
      200,
      `${site.cookie}; Path=${site.basePath}; HttpOnly; SameSite=Strict; Secure`,
    ]);
    const again = await served.client.ask('/v1/session', { headers: { cookie: cookie?.split(';')[0] ?? '' } });
    expect([again.status, JSON.parse(again.text).session.user.name]).toEqual([200, 'demo']);
  });

  test('a change by another page is refused, whatever host it says it is of', async () => {
    const { url } = served.nginx;
    expect((await signIn({ origin: url })).status).toBe(200);
    for (const spoofed of [{}, { 'x-forwarded-host': 'evil.test' }, { forwarded: 'host=evil.test' }]) {
      const { status, text } = await signIn({ origin: 'https://evil.test', ...spoofed });
      expect([status, JSON.parse(text).error.title]).toEqual([403, 'cross-origin']);
    }
  });

  test('guesses are counted by the address that they come from, not by what they say of it', async () => {
    const guess = async (n: number, from: string, said: string) => {
      const headers = { 'x-auth-token': `gAAAAguess${from}${n}`, 'x-forwarded-for': said, 'x-real-ip': said };
      return (await served.client.ask('/v1/overview', { from, headers })).status;
    };
    const statuses = [];
    for (let n = 0; n < GUESSES + 2; n++) statuses.push(await guess(n, '127.0.0.7', `192.0.2.${n}`));
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(await guess(0, '127.0.0.8', '127.0.0.7')).toBe(401);
  });

  test('a body of 64 KiB comes through, and the service itself says of a longer one that it is too large', async () => {
    const send = async (bytes: number) => {
      const body = JSON.stringify({ user: 'demo', password: 'demo' }).padEnd(bytes);
      const { status, text } = await served.client.ask('/v1/session', { method: 'POST', headers: JSON_TYPE, body });
      return [status, JSON.parse(text).error?.title];
    };
    expect(await send(LIMIT)).toEqual([200, undefined]);
    expect(await send(LIMIT + 1)).toEqual([413, 'too-large']);
    expect(await send(2 * LIMIT)).toEqual([413, 'too-large']);
  });

  test('what happens is heard at once, and not when nginx has gathered enough of it', async () => {
    const { client, daemon } = served;
    const stream = await client.open('/v1/events', { headers: await asDemo() });
    expect([stream.statusCode, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
    const project = daemon.region.projects().find(({ name }) => name === 'demo')?.id;
    daemon.app.log.info('instance.discovered', { project });
    const beganMs = performance.now();
    expect(await until(stream, 'event: instance\n')).toContain(`"project_id":"${project}"`);
    expect(performance.now() - beganMs).toBeLessThan(HEARTBEAT_MS);
    stream.destroy();
  });
});

test('without its slash the path leads to the page', async () => {
  const { nginx, url, close } = await serve(SITES[1]);
  onTestFinished(close);
  const { status, headers } = await clientOf(nginx.url, nginx.authority).ask('/backups');
  expect([status, headers.location]).toEqual([301, url]);
});

/** So much faster pass the times that are told here. */
const FASTER = 15;
function fastClock() {
  const [beganUtc, beganMs] = [Date.now(), performance.now()];
  const passedMs = () => (performance.now() - beganMs) * FASTER;
  const nowUtc = () => beganUtc + passedMs();
  return clockOf({ nowUtc, monotonicMs: passedMs, realMs: (ms) => ms / FASTER });
}

/** The end of what a stream says for a minute and a half in which nothing happens. */
async function endOfStream(options: DaemonOptions): Promise<string> {
  const [{ at }] = SITES;
  const patience = { 'proxy_read_timeout 75s;': `proxy_read_timeout ${75_000 / FASTER}ms;` };
  const { daemon, client, close } = await serve(
    { ...SITES[0], at: (service, place) => filled(at(service, place), patience) },
    options,
  );
  onTestFinished(close);
  const headers = { 'x-auth-token': await daemon.token('demo', 'demo') };
  const stream = await client.open('/v1/events', { headers });
  const heard = await until(stream, ':\n\n', 90_000 / HEARTBEAT_MS);
  stream.destroy();
  return heard.slice(-26);
}

test('a stream on which nothing happens outlives the time that nginx waits, since it says so more often', async () => {
  const [spoken, silent] = await Promise.all([endOfStream({ peopleClock: fastClock() }), endOfStream({})]);
  expect(spoken).toMatch(/(:\n\n){6}$/);
  expect(silent).toBe('retry: 3000\nid: 0\n\n<cut>');
});
