import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DAY, MINUTE } from '../core/builders.ts';
import { type Load, load } from './api/load.ts';
import { fill } from './fill.ts';
import { type Figure, figure, percentile, report } from './report.ts';
import { within } from './within.ts';

/**
 * The web service over 100,000 instances and 2,000,000 runs, 10,000 of them of the project that asks, while 1,000 messages
 * a second are noted; beside it a bare fastify in the same process. By turns, on 20 connections: 200 requests a second, and
 * then as many as are answered, which is told alone: there the two are as far apart as reading and sending are.
 */
const PROJECT = 'project-0';
const OWN = 10_000;
const ROUNDS = 8;
const headers = { 'x-auth-token': `reader@${PROJECT}` };
const PACED: Load = { headers, connections: 20, forMs: 2_000, everyMs: 100 };
const FULL: Load = { headers, connections: 20, forMs: 3_000, everyMs: null };
const AIM_MS = { 'one instance': 25, 'a page of 100 instances': 60, 'the overview': 100 } as const;
type Kind = keyof typeof AIM_MS;
const KINDS = Object.keys(AIM_MS) as readonly Kind[];
const MOST_STALL_MS = 50;

const nowUtc = Date.now();
const path =
  process.argv[2] ??
  fill({
    nowUtc,
    schedules: 100_000,
    projects: 900,
    projectOf: (n) => (n < OWN ? 0 : 1 + (n % 900)),
    slotOf: (n) => nowUtc + (n % 1_440) * MINUTE,
    history: 2_000_000,
  });
const db = new Database(path);
const some = 'instance_id IN (SELECT instance_id FROM listing WHERE project_id = ? ORDER BY instance_id LIMIT ?)';
db.prepare(`UPDATE schedules SET newest_point_utc = NULL WHERE ${some}`).run(PROJECT, 100);
db.prepare(`UPDATE schedules SET newest_point_utc = ? WHERE newest_point_utc IS NOT NULL AND ${some}`).run(
  nowUtc - 3 * DAY,
  PROJECT,
  400,
);
const ids = db.prepare<[string], string>('SELECT instance_id FROM listing WHERE project_id = ?').pluck().all(PROJECT);
db.close();

const URLS: Readonly<Record<Kind, readonly string[]>> = {
  'one instance': ids.slice(0, 100).map((id) => `/v1/instances/${id}`),
  // Of twenty places of the list: every fifth change is of one that some page shows.
  'a page of 100 instances': Array.from(
    { length: 20 },
    (_, n) => `/v1/instances?limit=100&marker=${ids[n * (OWN / 20)]}`,
  ),
  'the overview': ['/v1/overview'],
};

const server = fork(join(import.meta.dirname, 'api/server.ts'), [path, PROJECT]);
process.once('exit', () => server.kill('SIGKILL'));
const ended = once(server, 'exit').then(([code]) => {
  throw new Error(`the server ended with ${code}`);
});
async function hear<T>(from: ChildProcess): Promise<T> {
  const [answer] = await within('an answer of the server', 5 * MINUTE, Promise.race([once(from, 'message'), ended]));
  return answer as T;
}
async function order<T>(what: unknown): Promise<T> {
  const answer = hear<T>(server);
  server.send(what as object);
  return answer;
}
const hosts = await hear<{ ours: string; bare: string }>(server);
await order({ learn: Object.values(URLS).flat() });

const measure = (host: string, kind: Kind, by: Load): Promise<number[]> =>
  load((n) => `${host}${URLS[kind][n % URLS[kind].length]}`, by);

async function byTurns(kind: Kind): Promise<{ ours: number[]; bare: number[] }> {
  const took = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of ['ours', 'bare'] as const) {
      const some = await measure(hosts[side], kind, PACED);
      // The first warms both up.
      if (round > 0) took[side].push(...some);
    }
  }
  return took;
}

const p99 = (values: readonly number[]): number => percentile(values, 0.99);
const figures: Figure[] = [];
await order('watch');
for (const kind of KINDS) {
  const { ours, bare } = await byTurns(kind);
  const ratio = p99(ours) / p99(bare);
  figures.push({
    what: `${kind}, 99 of 100, beside a bare fastify`,
    measured: `${p99(ours).toFixed(1)} ms : ${p99(bare).toFixed(1)} ms = ${ratio.toFixed(2)} ×`,
    target: `at most 2 ×; to aim at: ${AIM_MS[kind]} ms`,
    ok: ratio <= 2,
  });
}
const { stallMs, perSecond } = await order<{ stallMs: number; perSecond: number }>('tell');
figures.push(figure('the main loop’s longest delay meanwhile', stallMs, MOST_STALL_MS, 'ms'));
figures.push({
  what: 'messages a second, durably noted meanwhile',
  measured: perSecond.toFixed(0),
  target: 'at least 950',
  ok: perSecond >= 950,
});
for (const kind of KINDS) {
  const [ours, bare] = [await measure(hosts.ours, kind, FULL), await measure(hosts.bare, kind, FULL)];
  const told = (took: readonly number[]): string =>
    `${Math.round((took.length * 1_000) / FULL.forMs)}/s (${p99(took).toFixed(1)} ms)`;
  figures.push({
    what: `${kind}, as many as are answered (99 of 100)`,
    measured: `${told(ours)} : ${told(bare)}`,
    target: '',
    ok: true,
  });
}
server.send('stop');
await within('the end of the server', MINUTE, once(server, 'exit'));
report('api', figures);
