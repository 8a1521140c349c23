import { createServer } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { type OpsServer, startOps } from '../../daemon/http/ops.ts';
import type { Check } from '../../daemon/observe/health.ts';
import { createMetrics } from '../../daemon/observe/metrics.ts';

const HOST = '127.0.0.1';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

interface Parts {
  tasks: Check;
  cloud: Check;
  bus: Check;
}

async function open(registry = new Registry()): Promise<{ server: OpsServer; parts: Parts }> {
  const parts: Parts = {
    tasks: { ok: true, detail: '6 run' },
    cloud: { ok: true, detail: 'looked' },
    bus: { ok: true, detail: 'bound' },
  };
  const live = { tasks: () => parts.tasks };
  const ready = { ...live, cloud: () => parts.cloud, bus: () => parts.bus };
  const server = await startOps({ host: HOST, port: 0, registry, live, ready });
  cleanups.push(() => server.close());
  return { server, parts };
}

async function get(server: OpsServer, path: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(server.address + path);
  return { status: answer.status, body: await answer.json() };
}

test('all is well: both say 200 and name every part', async () => {
  const { server, parts } = await open();
  expect(await get(server, '/healthz')).toEqual({ status: 200, body: { ok: true, parts: { tasks: parts.tasks } } });
  expect(await get(server, '/readyz')).toEqual({ status: 200, body: { ok: true, parts } });
});

const FAILING = [
  { part: 'tasks', health: 503 },
  { part: 'cloud', health: 200 },
  { part: 'bus', health: 200 },
] as const;

test.each(FAILING)(
  'while $part fails, /readyz says 503 and what is wrong, /healthz $health',
  async ({ part, health }) => {
    const { server, parts } = await open();
    parts[part] = { ok: false, detail: 'down: track' };
    const { status, body } = await get(server, '/readyz');
    expect([status, body]).toEqual([
      503,
      { ok: false, parts: { ...parts, [part]: { ok: false, detail: 'down: track' } } },
    ]);
    expect((await get(server, '/healthz')).status).toBe(health);
    parts[part] = { ok: true, detail: 'again' };
    expect((await get(server, '/readyz')).status).toBe(200);
  },
);

test('/metrics is what Prometheus reads', async () => {
  const { registry, messages } = createMetrics(
    silent,
    () => 0,
    () => 0,
  );
  const { server } = await open(registry);
  messages('dead', 3);
  const answer = await fetch(`${server.address}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toContain('trove_autobackup_messages_total{result="dead"} 3');
});

test('nothing else is served, and nothing is taken', async () => {
  const { server } = await open();
  expect((await get(server, '/')).status).toBe(404);
  expect((await fetch(`${server.address}/healthz`, { method: 'POST' })).status).toBe(404);
});

test('a port in use is one sentence that says what to do, for exit code 78', async () => {
  const holder = createServer().listen(0, HOST);
  await new Promise((resolve) => holder.once('listening', resolve));
  cleanups.push(() => void holder.close());
  const { port } = holder.address() as { port: number };
  const failed = await startOps({ host: HOST, port, registry: new Registry(), live: {}, ready: {} }).catch(
    (error: unknown) => error,
  );
  if (!(failed instanceof ExitError)) throw new Error(`it was opened, or: ${failed}`);
  expect(failed.code).toBe(78);
  const sentence = `http.ops_listen ${HOST}:${port} cannot be opened (EADDRINUSE); choose a free address, or port 0 for any`;
  expect(failed.message).toBe(sentence);
});

test('closing does not wait for a client that keeps its connection', async () => {
  const { server } = await open();
  await get(server, '/healthz');
  await server.close();
  await expect(fetch(`${server.address}/healthz`)).rejects.toThrow('fetch failed');
});
