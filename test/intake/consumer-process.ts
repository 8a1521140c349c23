// The daemon's consumer with its store in a process of its own, for a test to kill. Says on stdout how many messages it
// has settled.
import { systemClock } from '../../daemon/clock.ts';
import { createConsumer } from '../../daemon/intake/consumer.ts';
import { sqliteStore } from '../../daemon/store/index.ts';

const [url = '', path = '', queue = ''] = process.argv.slice(2);
const store = sqliteStore({ path, owner: '0badcafe', nowUtc: Date.now() });
const quiet = (): void => undefined;
let settled = 0;
const consumer = createConsumer({
  urls: [url],
  binding: { queue, exchange: 'trove', topic: 'notifications', declare: 'never' },
  notes: store.notes,
  clock: systemClock,
  log: { info: quiet, warn: quiet, error: quiet },
  random: Math.random,
  onNotes: quiet,
  onOverflow: quiet,
  onBound: quiet,
  onState: quiet,
  onMessages: (_, count) => {
    settled += count;
    process.stdout.write(`${settled}\n`);
  },
});
await consumer.loop(new AbortController().signal);
