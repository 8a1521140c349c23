import { Agent, get } from 'node:http';

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds until the last byte of an answer. */
function ask(url: string, agent: Agent, headers: Headers): Promise<number> {
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (answer) => {
      answer.on('data', () => undefined);
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
        else resolve(performance.now() - beganMs);
      });
    }).once('error', reject);
  });
}

type Headers = Readonly<Record<string, string>>;

export interface Load {
  readonly headers: Headers;
  readonly connections: number;
  readonly forMs: number;
  /** Of each connection; null: the next as soon as the last is answered. */
  readonly everyMs: number | null;
}

/**
 * What each request took. Where requests have their times, from when each was due: one that must wait for the one before
 * counts that as well.
 */
export async function load(
  urlOf: (n: number) => string,
  { connections, forMs, everyMs, headers }: Load,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs: number[] = [];
  const beganMs = performance.now();
  let asked = 0;
  async function connection(index: number): Promise<void> {
    let dueMs = beganMs + ((everyMs ?? 0) * index) / connections;
    while (dueMs < beganMs + forMs) {
      const waitMs = dueMs - performance.now();
      if (everyMs !== null && waitMs > 0) await after(waitMs);
      const lateMs = everyMs === null ? 0 : Math.max(0, performance.now() - dueMs);
      tookMs.push(lateMs + (await ask(urlOf(asked++), agent, headers)));
      dueMs = everyMs === null ? performance.now() : dueMs + everyMs;
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
  agent.destroy();
  return tookMs;
}
