import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { useBroker } from './broker.ts';
import { created, idOf } from './messages.ts';

const broker = useBroker();
const PROGRAM = join(import.meta.dirname, 'consumer-process.ts');

/** What waits in the queue, once the broker has noticed that its last consumer is gone. */
async function left(): Promise<number> {
  for (;;) {
    const { consumerCount, messageCount } = await broker.trove.channel.checkQueue(broker.queue);
    if (consumerCount === 0) return messageCount;
  }
}

/** Runs the consumer until it has settled so many messages, or all there are, and kills it as a power cut does. */
async function consumeAndDie(path: string, atLeast: number): Promise<void> {
  const enough = Math.min(atLeast, await left());
  const child = spawn(process.execPath, [PROGRAM, broker.rabbit.url, path, broker.queue], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (Number(line) >= enough) child.kill('SIGKILL');
  }
  await exited;
}

test('killed again and again while it consumes, it has a note of each instance and each dead letter, and the queue is empty', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'autobackup-kill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'store.sqlite');
  const { channel } = broker.trove;
  await channel.assertQueue(broker.queue, { durable: true });
  await channel.bindQueue(broker.queue, 'trove', 'notifications.info');
  const COUNT = 3_000;
  const JUNK = 30;
  for (let n = 0; n < COUNT; n++) {
    channel.publish('trove', 'notifications.info', created(idOf(n)), { persistent: true });
    if (n % (COUNT / JUNK) === 0) {
      channel.publish('trove', 'notifications.info', Buffer.from(`junk ${n}`), { persistent: true });
    }
  }
  await broker.trove.told();
  let lives = 0;
  for (; (await left()) > 0; lives++) await consumeAndDie(path, lives % 2 === 0 ? 1 : 500);
  expect(lives).toBeGreaterThan(2);

  const db = new Database(path, { readonly: true });
  const noted = db.prepare<[], string>('SELECT instance_id FROM notes ORDER BY 1').pluck().all();
  db.close();
  expect(noted).toEqual(Array.from({ length: COUNT }, (_, n) => idOf(n)));
  const letters = new Set<string>();
  for (let got = await channel.get(`${broker.queue}.dead`); got; got = await channel.get(`${broker.queue}.dead`)) {
    letters.add(String(got.content));
  }
  expect(letters.size).toBe(JUNK);
}, 120_000);
