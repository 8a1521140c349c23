import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { createWatch } from '../../daemon/engine/watch.ts';
import type { Log } from '../../daemon/ports/log.ts';
import { DAY } from '../core/builders.ts';
import { openAsDaemon } from './daemon-store.ts';
import { fill } from './fill.ts';
import { figure, median, report } from './report.ts';
import { within } from './within.ts';

/**
 * The watch counts over 1,000,000 schedules, 100,000 of them late, and 2,000,000 runs: in the reading thread, while the
 * main loop turns. Its log is thrown away, since who reads that is none of its matters.
 */
const ROUNDS = 6;
const ROUND_MS = 60_000;
const nowUtc = Date.now();
const path = fill({
  nowUtc,
  schedules: 1_000_000,
  projects: 1_000,
  slotOf: (n) => nowUtc + DAY + n,
  history: 2_000_000,
});
const db = new Database(path);
db.prepare(
  'UPDATE schedules SET newest_point_utc = ? WHERE instance_id IN (SELECT instance_id FROM schedules LIMIT 100000)',
).run(nowUtc - 3 * DAY);
db.close();

const { store, close } = openAsDaemon(path, nowUtc);
const stop = new AbortController();
const told = new Map<string, number>();
const tell: Log['info'] = (event) => void told.set(event, (told.get(event) ?? 0) + 1);
const roundMs: number[] = [];
const late: number[] = [];
const delay = monitorEventLoopDelay({ resolution: 1 });
let passedMs = 0;
let sinceMs = performance.now();
const watch = createWatch({
  readModel: store.readModel,
  // Each round follows at once; the last one ends it.
  clock: {
    nowUtc: () => nowUtc,
    monotonicMs: () => passedMs,
    sleepUntil: async () => {
      passedMs += DAY;
      if (roundMs.length === ROUNDS) stop.abort();
      stop.signal.throwIfAborted();
    },
  },
  guard: { reckonedUtc: () => nowUtc },
  log: { info: tell, warn: tell, error: tell },
  onFigures({ states }) {
    roundMs.push(performance.now() - sinceMs);
    sinceMs = performance.now();
    late.push(states.late);
  },
});
await store.readModel.overview(nowUtc); // the thread has begun
delay.enable();
sinceMs = performance.now();
await within(
  'six rounds of the watch',
  ROUNDS * ROUND_MS,
  watch(stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  }),
);
delay.disable();
await close();
if (late.some((n) => n !== 100_000)) throw new Error(`${late} were late instead of 100000`);
if (told.get('instance.late') !== ROUNDS * 500) throw new Error(`${told.get('instance.late')} were named`);
report('loop', [
  figure('the main loop’s longest delay while the watch counts, 100,000 of 1,000,000 late', delay.max / 1e6, 50, 'ms'),
  figure('a round of the watch, in the reading thread', median(roundMs) / 1000, 15, 's'),
]);
