import type { Clock } from '../../daemon/ports/clock.ts';

/** The clock of one machine: apart from the region's by what it was set wrong. Its monotonic time never jumps. */
export class SkewedClock implements Clock {
  readonly #true: Clock;
  readonly #sleepers = new Set<AbortController>();
  #skewMs = 0;

  constructor(trueClock: Clock) {
    this.#true = trueClock;
  }

  nowUtc = (): number => this.#true.nowUtc() + this.#skewMs;
  monotonicMs = (): number => this.#true.monotonicMs();

  /** Somebody sets it: so far ahead of the true time, or behind it. */
  set(skewMs: number): void {
    const back = skewMs < this.#skewMs;
    this.#skewMs = skewMs;
    for (const sleeper of this.#sleepers) sleeper.abort(back);
  }

  /** As the port asks: early when it was set back; when it was set forward, at the instant by its new time. */
  async sleepUntil(instant: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const jump = new AbortController();
      this.#sleepers.add(jump);
      try {
        return await this.#true.sleepUntil(instant - this.#skewMs, AbortSignal.any([signal, jump.signal]));
      } catch (error) {
        if (signal.aborted || !jump.signal.aborted) throw error;
        if (jump.signal.reason === true) return;
      } finally {
        this.#sleepers.delete(jump);
      }
    }
  }
}
