import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { type Leash, runOnLeash } from './leash.ts';
import { HOST, makeHome } from './rabbitmq-home.ts';

/** A broker of our own, with the exchange's owner (`trove`) and the daemon's user, who has just the rights it needs. */
export interface Rabbit {
  /** As the daemon connects: its own queues, read on the exchanges. */
  readonly url: string;
  /** As Trove does: all rights. */
  readonly adminUrl: string;
  /** Comes back on the same port; what is not durable is gone. */
  restart(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
  /** RabbitMQ's own tool; resolves to what it prints. */
  rabbitmqctl(...args: string[]): Promise<string>;
}

export interface RabbitPrograms {
  readonly server: string;
  readonly ctl: string;
  readonly epmd: string;
}

export interface RabbitOptions {
  readonly programs?: RabbitPrograms | null;
  /** Ends the wait for it to come up. */
  readonly signal?: AbortSignal;
  /** Further lines for its rabbitmq.conf. */
  readonly conf?: string;
}

const UP_WITHIN_MS = 90_000;
// Debian's own folder first: what it has in PATH insists on being root or the user rabbitmq.
const FOLDERS = ['/usr/lib/rabbitmq/bin', ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];

/** The programs of an installed RabbitMQ, or null. */
export function findRabbit(): RabbitPrograms | null {
  const find = (name: string) => FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [server, ctl, epmd] = [find('rabbitmq-server'), find('rabbitmqctl'), find('epmd')];
  return server && ctl && epmd ? { server, ctl, epmd } : null;
}

/** @throws when there is no RabbitMQ or it does not come up; nothing is left behind then. */
export async function startRabbit({ programs = findRabbit(), signal, conf }: RabbitOptions = {}): Promise<Rabbit> {
  if (!programs) throw new Error('No rabbitmq-server was found; install it (apt-get install rabbitmq-server).');
  const home = await makeHome(conf);
  const { env } = home;
  // Erlang's port mapper would be started in the background by the first node, and stay for ever.
  const epmd = runOnLeash(programs.epmd, [], env);
  const url = (user: string): string => `amqp://${user}:${user}@${HOST}:${home.amqpPort}/%2F`;
  let broker: Leash | null = null;

  async function start(): Promise<void> {
    broker = runOnLeash(programs?.server ?? '', [], env);
    await answering(url('autobackup'), broker, signal);
  }
  async function kill(): Promise<void> {
    await broker?.kill();
    // The script is gone at once, the machine it started a moment later.
    while (await listens(home.amqpPort)) await pause();
  }
  async function stop(): Promise<void> {
    await kill();
    await epmd.kill();
    rmSync(home.path, { recursive: true, force: true });
  }
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: url('autobackup'),
    adminUrl: url('trove'),
    start,
    stop,
    kill,
    async restart() {
      await broker?.terminate();
      await start();
    },
    async rabbitmqctl(...args) {
      const node = ['-q', '-n', home.node];
      return (await promisify(execFile)(programs.ctl, [...node, ...args], { env, cwd: home.path })).stdout;
    },
  };
}

async function answering(url: string, broker: Leash, signal?: AbortSignal): Promise<void> {
  const untilMs = performance.now() + UP_WITHIN_MS;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const connection = await connect(url, { timeout: 5_000 });
      await connection.close();
      return;
    } catch (error) {
      const over = !broker.running() || performance.now() > untilMs;
      if (over) throw new Error(`RabbitMQ does not come up:\n${broker.output()}`, { cause: error });
      await pause();
    }
  }
}

const pause = (): Promise<void> => delay(50);

async function listens(port: number): Promise<boolean> {
  const socket = createConnection({ host: HOST, port });
  const answer = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return answer;
}
