// What a policy makes of 10,000 instances in 90 days, on one core: slots, chains, retention with its grace, and the
// figures of every project. By three policies, from the usual one to one with every rule.
import { type Foreseen, forecast, type Policy } from '../../lib/core/index.ts';
import { at, DAY, daily, every, HOUR, instance, MINUTE, policy } from '../core/builders.ts';
import { type Figure, figure, median, report, timed } from './report.ts';

const INSTANCES = 10_000;
const ROUNDS = 3;
const MOST_S = 20;

const retention = (keep: NonNullable<Policy['retention']>['keep']): NonNullable<Policy['retention']> => ({
  keep,
  minimumFulls: 1,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: true,
});
const cadence = daily('Asia/Ho_Chi_Minh');
const POLICIES: Readonly<Record<string, Policy>> = {
  'daily, kept for a week': policy({ cadence, retention: retention({ withinMs: 7 * DAY }) }),
  'daily, kept by every rule': policy({
    cadence,
    retention: retention({ withinMs: 7 * DAY, last: 5, daily: 7, weekly: 4, monthly: 12, yearly: 3 }),
  }),
  'every 6 hours, kept for a week': policy({ cadence: every(6 * HOUR), retention: retention({ withinMs: 7 * DAY }) }),
};

const fleet = Array.from(
  { length: INSTANCES },
  (_, index): Foreseen => ({
    instance: instance({ id: `db-${index}`, projectId: `project-${index % 2_000}` }),
    measured: { fullMs: 20 * MINUTE, incrementalMs: 3 * MINUTE, fullBytes: 5e9, incrementalBytes: 2e8 },
  }),
);

const figures: Figure[] = [];
for (const [name, by] of Object.entries(POLICIES)) {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    seconds.push((await timed(() => forecast(by, fleet, { fromUtc: at('2026-11-24 12:00'), failing: 0.01 }))) / 1000);
  }
  figures.push(figure(`${INSTANCES.toLocaleString('en')} instances, 90 days, ${name}`, median(seconds), MOST_S, 's'));
}
report('forecast', figures);
