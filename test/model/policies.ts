import type { Cadence, Keep, Policy, Retention } from '../../lib/core/index.ts';
import { DAY, HOUR, MINUTE } from './region.ts';

const every = (everyMs: number): Cadence => ({ kind: 'elapsed', everyMs });
const DAILY: Cadence = {
  kind: 'calendar',
  unit: 'day',
  zone: 'UTC',
  window: { startMinute: 22 * 60, endMinute: 6 * 60 },
};

const retention = (keep: Keep, over: Partial<Retention> = {}): Retention => ({
  keep,
  minimumFulls: 1,
  onDelete: { keepMs: 2 * DAY, lastChainMs: 5 * DAY },
  anchor: true,
  ...over,
});

const policy = (name: string, cadence: Cadence, kept: Retention | null, over: Partial<Policy> = {}): Policy => ({
  name,
  select: { projects: [], datastores: [], names: [] },
  cadence,
  fullEveryMs: 3 * DAY,
  maxIncrementals: 3,
  firstWithinMs: 15 * MINUTE,
  ...over,
  ...(kept ? { retention: kept } : {}),
});

/** Short ones, so that chains roll over and things go within a history. */
export const POLICIES: readonly Policy[] = [
  policy('sparse', every(6 * HOUR), retention({ last: 1 }), { maxIncrementals: 2 }),
  policy('window', every(6 * HOUR), retention({ withinMs: DAY }), { fullEveryMs: DAY }),
  policy('floor', every(12 * HOUR), retention({ last: 1 }, { minimumFulls: 3 }), { maxIncrementals: 1 }),
  policy('sons', DAILY, retention({ daily: 3, weekly: 2, monthly: 2 })),
  policy('fathers', every(12 * HOUR), retention({ last: 2, weekly: 2, yearly: 1 }, { anchor: false })),
  policy('weekday', DAILY, retention({ withinMs: 3 * DAY, last: 2 }, { minimumFulls: 2 }), { fullOn: 'spread' }),
  policy('for-ever', every(12 * HOUR), null),
];
