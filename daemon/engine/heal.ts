import type { Clock } from '../ports/clock.ts';
import type { Healed, HealingPort } from '../ports/healing.ts';
import type { Log } from '../ports/log.ts';
import type { ClockGuard } from './clock-guard.ts';

export interface HealDeps {
  readonly healing: HealingPort;
  readonly guard: Pick<ClockGuard, 'doubt' | 'turns'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when slots may have changed. */
  readonly onSchedules: () => void;
}

const plus = (one: Healed, other: Healed): Healed => ({
  schedules: one.schedules + other.schedules,
  slots: one.slots + other.slots,
  times: one.times + other.times,
});

/**
 * What a wrong clock wrote before anybody noticed would stay for ever: schedules that wait for years, slots to come that are
 * taken already, recovery points of tomorrow that hide that there is none of today. Once the time is good it is put right.
 */
export function createHeal({ healing, guard, clock, log, onSchedules }: HealDeps): () => Promise<void> {
  const openedMs = clock.monotonicMs();

  async function all(): Promise<Healed> {
    const { wasAhead, ...store } = await healing.healStore(clock.nowUtc(), clock.monotonicMs() - openedMs);
    let healed: Healed = store;
    // At a start nothing of this life can have gone wrong; what an earlier one did shows.
    if (!wasAhead && guard.turns() === 1) return healed;
    for (let after: string | null = null; guard.doubt() === null; ) {
      const { next, ...page } = await healing.healSchedules(after, clock.nowUtc());
      healed = plus(healed, page);
      after = next;
      if (after === null) break;
      await new Promise((resolve) => setImmediate(resolve)); // slots and bus must not wait for a large store
    }
    return healed;
  }

  return async () => {
    if (guard.doubt() !== null) return;
    const { schedules, slots, times } = await all();
    if (schedules + slots + times === 0) return;
    log.warn('clock.healed', { schedules, slots, times });
    if (schedules + slots > 0) onSchedules();
  };
}
