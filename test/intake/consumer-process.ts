// A consumer in a process of its own, for a test to kill. Says on stdout how many messages it has settled.
import { consumerWithStore } from './consumer-with-store.ts';

let settled = 0;
const { consumer } = consumerWithStore(process.argv.slice(2), (_, count) => {
  settled += count;
  process.stdout.write(`${settled}\n`);
});
await consumer.loop(new AbortController().signal);
