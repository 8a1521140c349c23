import { systemClock } from '../../daemon/clock.ts';
import { createConsumer } from '../../daemon/intake/consumer.ts';
import { sqliteStore } from '../../daemon/store/index.ts';

/** The daemon's consumer with its real store, by the words of a command line. What breaks is told on stderr. */
export function consumerWithStore(
  [url = '', path = '', queue = '']: readonly string[],
  onMessages: (result: string, count: number) => void,
) {
  const store = sqliteStore({ path, owner: '0badcafe', nowUtc: Date.now() });
  const quiet = (): void => undefined;
  const tell = (event: string, facts?: unknown): void => {
    if (event !== 'message.refused') process.stderr.write(`${event} ${JSON.stringify(facts)}\n`);
  };
  const consumer = createConsumer({
    urls: [url],
    binding: { queue, exchange: 'trove', topic: 'notifications', declare: 'never' },
    notes: store.notes,
    points: store.points,
    clock: systemClock,
    log: { info: quiet, warn: tell, error: tell },
    random: Math.random,
    onNotes: quiet,
    onSuspects: quiet,
    onOverflow: quiet,
    onBound: quiet,
    onState: quiet,
    onMessages,
  });
  return { consumer, store };
}
