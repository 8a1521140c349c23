import type { DurationMs, Instant } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';

/** Told when an answer was asked for, by the monotonic clock, and which time it carries. */
export type Heard = (sentMs: DurationMs, dateUtc: Instant | null) => void;

/** A fetch whose answers are held against our own clock, by that clock's own measure: no matter how fast it runs. */
export function witnessed(inner: () => typeof fetch, clock: Clock, heard: Heard): typeof fetch {
  return async (input, init) => {
    const sentMs = clock.monotonicMs();
    const response = await inner()(input, init);
    const dateUtc = Date.parse(response.headers.get('date') ?? '');
    heard(sentMs, Number.isNaN(dateUtc) ? null : dateUtc);
    return response;
  };
}
