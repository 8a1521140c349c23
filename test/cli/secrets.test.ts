import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configIn, folder, startIn } from './process.ts';

test('no secret comes out of the daemon, whatever goes wrong: services that refuse and quote it, a broker, a faulty file', async () => {
  // A service that answers with what it was sent.
  const echo = createServer((incoming, outgoing) => {
    incoming.setEncoding('utf8');
    let body = '';
    incoming.on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('end', () => {
      outgoing.writeHead(401, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ error: { code: 401, message: `wrong: ${body}`, title: 'Unauthorized' } }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => echo.once('listening', resolve));
  const { port } = echo.address() as { port: number };
  const dir = folder();
  const file = join(dir, 'password');
  writeFileSync(file, 'hunter2-file\n');
  const config = configIn(dir, { authUrl: `http://127.0.0.1:${port}/v3` });
  const env = { RABBIT: 'amqp://u:hunter2-rabbit@127.0.0.1:9/' };
  const text = readFileSync(config, 'utf8')
    .replace('password: autobackup', `password_file: ${file}`)
    .replace('bus: null', 'bus: { url: "$' + '{RABBIT}" }');
  writeFileSync(config, text);
  const daemon = startIn(env, 'serve', '--config', config);
  await daemon.said('bus.lost');
  await daemon.said('reconcile.failed');
  writeFileSync(config, text.replace(`password_file: ${file}`, 'password: hunter2-inline, password:hunter2-slip'));
  daemon.signal('SIGHUP');
  await daemon.said('config.refused');
  const { ops } = await daemon.said('daemon.started');
  const told = await Promise.all(
    ['metrics', 'readyz', 'healthz'].map(async (path) => (await fetch(`${ops}/${path}`)).text()),
  );
  daemon.signal('SIGTERM');
  const { code, out, err } = await daemon.ended;
  expect(code).toBe(0);
  expect(`${out}${err}${told.join('')}`).not.toContain('hunter2');
  echo.close();
});
