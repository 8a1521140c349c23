import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { faultsOf, openShell } from './shell.ts';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function open() {
  const server = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1));
    response.end('{"a":1}');
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const shell = openShell({ env: { PLACE: 'here' }, commands: { openstack: 'echo "a stand-in: $*"' } });
  cleanups.push(shell.close, () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const faults = async (script: string, answer: string | null = null) =>
    faultsOf({ line: 1, script, answer }, await shell.run(script.replaceAll('URL', url)));
  return { shell, url, faults };
}

test('what one block sets the next ones have, as in a terminal', async () => {
  const { shell } = await open();
  await shell.run('TOKEN=$(openstack token issue)\necho x > file');
  const { output, code } = await shell.run('echo "$TOKEN, $PLACE, $(cat file)"');
  expect([code, output]).toEqual([0, 'a stand-in: token issue, here, x\n']);
});

test('each request is told apart from what the block prints', async () => {
  const { shell, url } = await open();
  const { output, made, complaints } = await shell.run(
    `A=$(curl -s ${url}/404)\ncurl -s -X PUT ${url}/200; echo oh >&2`,
  );
  expect([output, complaints]).toEqual(['{"a":1}', 'oh']);
  expect(made).toEqual([
    { status: 404, method: 'GET', url: `${url}/404` },
    { status: 200, method: 'PUT', url: `${url}/200` },
  ]);
});

test('an example is as its document says, or there is a fault', async () => {
  const { faults } = await open();
  expect(await faults('A=1')).toEqual([]);
  expect(await faults('curl -s URL/200')).toEqual([]);
  expect(await faults('curl -s URL/404', 'HTTP/1.1 404 Not Found\n\n{"a":2}')).toEqual([]);
  expect(await faults('curl -s URL/500')).toEqual([expect.stringMatching(/GET .*\/500 was answered 500, and no such/)]);
  expect(await faults('curl -s URL/200', 'HTTP/1.1 404 Not Found')).toEqual([expect.stringContaining('is 200')]);
  expect(await faults('B=$(curl -s URL/500); curl -s URL/200')).toEqual([expect.stringContaining('was answered 500')]);
  expect(await faults('A=1', 'HTTP/1.1 200 OK')).toEqual(['an answer is shown, and nothing was asked']);
  expect(await faults('curl -s URL/200 | false')).toEqual(['it ended with 1: ']);
  expect(await faults('echo "$NOBODY_SET_IT"')).toEqual([expect.stringContaining('NOBODY_SET_IT: unbound variable')]);
  expect(await faults('curl -s http://127.0.0.1:9/')).toEqual([expect.stringContaining('it ended with 7')]);
});
