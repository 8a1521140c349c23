import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const LINES = readFileSync(join(ROOT, 'packaging/oci/Dockerfile'), 'utf8')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const steps = (name: string): readonly string[] =>
  LINES.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1).trim());
const FINAL = LINES.slice(LINES.findLastIndex((line) => line.startsWith('FROM ')));

const copied = steps('COPY')
  .filter((step) => !step.startsWith('--from'))
  .flatMap((step) => step.split(/\s+/).slice(0, -1));

test('there is something to copy', () => expect(copied.length).toBeGreaterThan(8));
test.each(copied)('%s, which the image is made of, is there', (source) => {
  expect(existsSync(join(ROOT, source))).toBe(true);
});

test('what the build compiles is among it: every folder and every settings file of the compiler', () => {
  const { scripts, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    files: readonly string[];
  };
  const projects = (scripts['prepack'] ?? '')
    .replace(/.*tsc -b /, '')
    .replace(/ &&.*/, '')
    .split(' ');
  const needed = [...projects.map((path) => path.split('/')[0] ?? ''), ...files.filter((file) => file.endsWith('.md'))];
  expect(copied).toEqual(
    expect.arrayContaining([...needed, 'tsconfig.json', 'tsconfig.base.json', 'package-lock.json']),
  );
});

test('the image runs as nobody special, holds no build tool, and stops and is watched as the daemon is made for', () => {
  expect(FINAL).toEqual(
    expect.arrayContaining(['USER node', 'STOPSIGNAL SIGTERM', 'VOLUME /var/lib/trove-autobackup']),
  );
  expect(FINAL.filter((line) => /\b(npm|apt-get|gcc|make)\b/.test(line) && !line.startsWith('RUN rm '))).toEqual([]);
  const majors = steps('FROM').map((image) => Number(/^node:(\d+)-/.exec(image)?.[1]));
  expect(majors.every((major) => major >= 22)).toBe(true);
});

/** What the health check says of a daemon at this address. */
function checkHealth(url: string): Promise<{ readonly code: number; readonly err: string }> {
  const env = { ...process.env, OPS_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'packaging/oci/health.mjs')], { env }, (error, _, err) =>
      resolve({ code: Number(error?.code ?? 0), err }),
    );
  });
}

test.each([
  { what: 'well', status: 200, code: 0, says: /^$/ },
  { what: 'not well', status: 503, code: 1, says: /down: track/ },
])('a daemon that is $what is so for the health check', async ({ status, code, says }) => {
  const server = createServer((_, outgoing) => outgoing.writeHead(status).end('down: track')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  expect(await checkHealth(`http://127.0.0.1:${port}`)).toEqual({ code, err: expect.stringMatching(says) });
  server.close();
});

test('where no daemon listens the health check fails with the reason', async () => {
  const { code, err } = await checkHealth('http://127.0.0.1:9');
  expect([code, err]).toEqual([1, expect.stringContaining('http://127.0.0.1:9/healthz: ')]);
});
