// The daemon's side: its consumer and its store, in a process of its own. Prints the CPU time it took over the messages,
// from before it connects until the last is durable and acknowledged, as one JSON line.
import Database from 'better-sqlite3';
import { consumerWithStore } from '../../intake/consumer-with-store.ts';

const [url = '', path = '', queue = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
const stopping = new AbortController();
const done = Promise.withResolvers<void>();
let seen = 0;
const { consumer, store } = consumerWithStore([url, path, queue], (_, size) => {
  seen += size;
  if (seen >= count) done.resolve();
});
const before = process.cpuUsage();
const beganMs = performance.now();
const ended = consumer.loop(stopping.signal);
await done.promise;
const { user, system } = process.cpuUsage(before);
const wallS = (performance.now() - beganMs) / 1_000;
stopping.abort();
await ended;
store.close();
const rows = new Database(path, { readonly: true }).prepare<[], number>('SELECT count(*) FROM notes').pluck().get();
process.stdout.write(`${JSON.stringify({ cpuS: (user + system) / 1e6, wallS, rows })}\n`);
