// What a message of the bus costs: the daemon's consumer with its store, beside oslo.messaging's batch listener in
// Python, on one broker. Each has a queue of its own, filled beforehand with the same messages: captured ones that name
// an instance, with other ids. Both note each message durably (SQLite, WAL, synchronous=FULL) before it is
// acknowledged, one row an instance. CPU time is that of the process, user and system, from before it connects until
// the last message is acknowledged; starting up is not in it. By turns, medians of five.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ConfirmChannel, connect } from 'amqplib';
import { type Rabbit, startRabbit } from '../../daemon/demo/rabbitmq.ts';
import { readMessage } from '../../daemon/intake/message.ts';
import { median, report } from './report.ts';

const ROUNDS = 5;
const MESSAGES = 20_000;
const INSTANCES = 2_000;
const SHARE = 1 / 5;
/** Debian's, for which the package is; another one in PATH does not see it. */
const PYTHON = '/usr/bin/python3';
const OURS = 'autobackup-bench';
/** As oslo.messaging names queues, from topic and priority. */
const THEIRS = { python: 'notifications', bare: 'idle' };

interface Measured {
  readonly cpuS: number;
  readonly wallS: number;
  readonly rows: number;
}

const run = promisify(execFile);
const here = (name: string): string => join(import.meta.dirname, 'intake', name);
const captures = new URL('../fixtures/captures/notifications.jsonl', import.meta.url);

/** Bodies as captured, which our reader notes. */
const BODIES = readFileSync(captures, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => (JSON.parse(line) as { body: string }).body)
  .flatMap((body) => {
    const reading = readMessage(Buffer.from(body));
    return reading.kind === 'note' ? [{ body, id: reading.note.instanceId }] : [];
  });
const IDS = Array.from({ length: INSTANCES }, () => randomUUID());

const UNIQUE = /(_unique_id\\*": \\*")[0-9a-f]{32}/;

function message(n: number): Buffer {
  const { body, id } = BODIES[n % BODIES.length] ?? { body: '', id: '' };
  const other = body.replaceAll(id, IDS[n % IDS.length] ?? '');
  // oslo.messaging passes over what it has seen by this.
  return Buffer.from(other.replace(UNIQUE, (_, before: string) => before + randomUUID().replaceAll('-', '')));
}

const AS_CAPTURED = { contentType: 'application/json', contentEncoding: 'utf-8', persistent: true };

async function fill(channel: ConfirmChannel): Promise<void> {
  for (let n = 0; n < MESSAGES; n++) {
    channel.publish('trove', 'notifications.info', message(n), AS_CAPTURED);
    if (n % 1_000 === 0) await channel.waitForConfirms();
  }
  await channel.waitForConfirms();
}

async function measured(program: string, args: readonly string[]): Promise<Measured> {
  const { stdout } = await run(program, [...args], { maxBuffer: 2 ** 26, timeout: 120_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
}

const SIDES = {
  ours: ({ url }: Rabbit, path: string) =>
    measured(process.execPath, [here('daemon.ts'), url, path, OURS, String(MESSAGES)]),
  python: (rabbit: Rabbit, path: string) => oslo(rabbit, path, THEIRS.python, 'sqlite'),
  bare: (rabbit: Rabbit, path: string) => oslo(rabbit, path, THEIRS.bare, 'nothing'),
};
type Side = keyof typeof SIDES;

function oslo({ adminUrl }: Rabbit, path: string, topic: string, mode: string): Promise<Measured> {
  const url = adminUrl.replace('amqp:', 'rabbit:').replace('%2F', '');
  return measured(PYTHON, [here('listener.py'), url, path, String(MESSAGES), topic, mode]);
}

async function rounds(rabbit: Rabbit, folder: string): Promise<Readonly<Record<Side, readonly Measured[]>>> {
  const model = await connect(rabbit.adminUrl);
  model.on('error', () => undefined); // when a side failed, the broker is gone before this connection is
  const channel = await model.createConfirmChannel();
  const queues = [OURS, ...Object.values(THEIRS).map((topic) => `${topic}.info`)];
  await channel.assertExchange('trove', 'topic', { durable: false });
  for (const queue of queues) {
    await channel.assertQueue(queue, { durable: queue === OURS });
    await channel.bindQueue(queue, 'trove', 'notifications.info');
  }
  const found: Record<Side, Measured[]> = { ours: [], python: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const queue of queues) await channel.purgeQueue(queue);
    await fill(channel);
    for (const side of ['python', 'ours', 'bare'] as const) {
      const result = await SIDES[side](rabbit, join(folder, `${side}-${round}.sqlite`));
      if (side !== 'bare' && result.rows !== INSTANCES) throw new Error(`${side} noted ${result.rows} of ${INSTANCES}`);
      found[side].push(result);
    }
  }
  await model.close();
  return found;
}

const micro = (results: readonly Measured[]): number => (median(results.map(({ cpuS }) => cpuS)) / MESSAGES) * 1e6;
const rate = (results: readonly Measured[]): number => MESSAGES / median(results.map(({ wallS }) => wallS));
const ratios = (ours: readonly Measured[], theirs: readonly Measured[]): number =>
  median(ours.map(({ cpuS }, round) => cpuS / (theirs[round]?.cpuS ?? Number.NaN)));

if (!existsSync('/usr/lib/python3/dist-packages/oslo_messaging')) {
  throw new Error('oslo.messaging is missing; install it (apt-get install python3-oslo.messaging)');
}
const folder = mkdtempSync(join(tmpdir(), 'autobackup-bench-'));
const rabbit = await startRabbit();
try {
  const { ours, python, bare } = await rounds(rabbit, folder);
  const [noting, idle] = [ratios(ours, python), ratios(ours, bare)];
  report('intake', [
    {
      what: 'CPU a message, durably noted, beside oslo.messaging that notes as durably',
      measured: `${micro(ours).toFixed(1)} µs : ${micro(python).toFixed(1)} µs = 1/${(1 / noting).toFixed(1)}`,
      target: 'at most 1/5',
      ok: noting <= SHARE,
    },
    {
      what: 'the same, beside oslo.messaging that does nothing with its messages',
      measured: `${micro(ours).toFixed(1)} µs : ${micro(bare).toFixed(1)} µs = 1/${(1 / idle).toFixed(1)}`,
      target: 'at most 1/5',
      ok: idle <= SHARE,
    },
    {
      what: 'messages a second, beside oslo.messaging that notes',
      measured: `${Math.round(rate(ours))} : ${Math.round(rate(python))} = ${(rate(ours) / rate(python)).toFixed(1)} ×`,
      target: 'to aim at: 5 ×',
      ok: true,
    },
  ]);
} finally {
  await rabbit.stop();
  rmSync(folder, { recursive: true, force: true });
}
