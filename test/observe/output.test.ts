import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { outputTo } from '../../daemon/observe/output.ts';

const LINE = `${'x'.repeat(1023)}\n`;

/** A pipe whose reader takes each line when it is told to. */
function open() {
  const waiting: ((error?: Error) => void)[] = [];
  let taken = 0;
  const sink = new Writable({
    decodeStrings: false,
    autoDestroy: false,
    write(_, __, done) {
      waiting.push(done);
    },
  });
  const take = async (error?: Error): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      taken += 1;
      next(error);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { output: outputTo(sink), take, taken: () => taken };
}

test('a reader that does not read holds nobody up: lines beyond a mebibyte are lost, counted and told', async () => {
  const { output, take, taken } = open();
  for (let n = 0; n < 1024; n++) output.write(LINE);
  expect(output.lost()).toBe(0);
  expect(output.check()).toEqual({ ok: true, detail: 'written' });
  output.write(LINE);
  expect(output.lost()).toBe(1);
  expect(output.check()).toEqual({ ok: false, detail: 'stdout is not read' });
  await take();
  expect(taken()).toBe(1024);
  expect(output.check()).toEqual({ ok: true, detail: 'written' });
  output.write(LINE);
  expect(output.lost()).toBe(1);
});

test('who says much at once waits until it is read, and no longer than a second for a reader that does not', async () => {
  const { output, take } = open();
  await output.drained(); // nothing waits
  for (let n = 0; n < 512; n++) output.write(LINE);
  let drained = false;
  const waiting = output.drained().then(() => {
    drained = true;
  });
  await pause(20);
  expect(drained).toBe(false);
  await take();
  await waiting;

  for (let n = 0; n < 512; n++) output.write(LINE);
  const sinceMs = performance.now();
  await output.drained();
  expect(performance.now() - sinceMs).toBeGreaterThan(900);
});

test('a line that could not be written is lost, and the next that can be mends it', async () => {
  const { output, take } = open();
  output.write(LINE);
  await take(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(output.lost()).toBe(1);
  expect(output.check()).toEqual({ ok: false, detail: 'stdout cannot be written (EPIPE)' });
});
