// The daemon's side: its consumer and its store, in a process of its own. Prints the CPU time it took over the messages,
// from before it connects until the last is durable and acknowledged, as one JSON line.
import Database from 'better-sqlite3';
import { systemClock } from '../../../daemon/clock.ts';
import { createConsumer } from '../../../daemon/intake/consumer.ts';
import { sqliteStore } from '../../../daemon/store/index.ts';

const [url = '', path = '', countText = '0', queue = ''] = process.argv.slice(2);
const count = Number(countText);
const store = sqliteStore({ path, owner: '0badcafe', nowUtc: Date.now() });
const stopping = new AbortController();
const tell = (event: string, facts?: unknown): void => {
  process.stderr.write(`${event} ${JSON.stringify(facts)}\n`);
};
let seen = 0;
const consumer = createConsumer({
  urls: [url],
  binding: { queue, exchange: 'trove', topic: 'notifications', declare: 'never' },
  notes: store.notes,
  clock: systemClock,
  log: { info: () => undefined, warn: tell, error: tell },
  random: Math.random,
  onNotes: () => undefined,
  onOverflow: () => undefined,
  onBound: () => undefined,
  onState: () => undefined,
  onMessages: (_, size) => {
    seen += size;
    if (seen >= count) done.resolve();
  },
});
const done = Promise.withResolvers<void>();
const before = process.cpuUsage();
const beganMs = performance.now();
const ended = consumer.loop(stopping.signal);
await done.promise;
const { user, system } = process.cpuUsage(before);
const wallS = (performance.now() - beganMs) / 1_000;
stopping.abort();
await ended;
store.close();
const [row] = new Database(path, { readonly: true }).prepare('SELECT count(*) AS rows FROM notes').all() as {
  rows: number;
}[];
process.stdout.write(`${JSON.stringify({ cpuS: (user + system) / 1e6, wallS, rows: row?.rows })}\n`);
