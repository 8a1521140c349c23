import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { goneSignal } from '../../../daemon/http/api/gone.ts';
import type { Api } from '../../../daemon/http/api/server.ts';
import { labApi } from './lab.ts';

let api: Api | undefined;
afterEach(() => api?.close());

const POST = {
  method: 'POST',
  headers: { 'x-auth-token': 'member@p1', 'content-type': 'application/json' },
  body: '{}',
};

async function listen(work: (signal: AbortSignal) => Promise<boolean>): Promise<string> {
  const schema = { body: z.strictObject({}) };
  api = labApi((it) =>
    it.post('/v1/work', { config: { rule: 'run:create' }, schema }, async (_, reply) => ({
      done: await work(goneSignal(reply)),
    })),
  );
  return `${await api.listen({ host: '127.0.0.1', port: 0 })}/v1/work`;
}

test('a body that has been read ends no work', async () => {
  const url = await listen(async (signal) => {
    await delay(30);
    return !signal.aborted;
  });
  expect(await (await fetch(url, POST)).json()).toEqual({ done: true });
});

test('a caller who goes away ends it', async () => {
  const [began, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const url = await listen(async (signal) => {
    signal.addEventListener('abort', () => ended.resolve());
    began.resolve();
    await ended.promise;
    return false;
  });
  const leaving = new AbortController();
  const asked = fetch(url, { ...POST, signal: leaving.signal }).catch(() => 'left');
  await began.promise;
  leaving.abort();
  await ended.promise;
  expect(await asked).toBe('left');
});
