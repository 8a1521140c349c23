import type { Clock } from '../../daemon/ports/clock.ts';

/** The clock of one machine: apart from the region's by what it was set wrong. Its monotonic time never jumps; while it sleeps, it stands. */
export class SkewedClock implements Clock {
  readonly #true: Clock;
  readonly #sleepers = new Set<AbortController>();
  #skewMs = 0;
  #sleptMs = 0;
  #asleep: { readonly sinceMs: number; readonly woken: PromiseWithResolvers<void> } | null = null;

  constructor(trueClock: Clock) {
    this.#true = trueClock;
  }

  nowUtc = (): number => this.#true.nowUtc() + this.#skewMs;
  monotonicMs = (): number => (this.#asleep?.sinceMs ?? this.#true.monotonicMs()) - this.#sleptMs;

  /** The machine sleeps: whoever waits here waits on until it wakes. */
  stand(): void {
    this.#asleep = { sinceMs: this.#true.monotonicMs(), woken: Promise.withResolvers() };
  }

  wake(): void {
    if (!this.#asleep) return;
    const { sinceMs, woken } = this.#asleep;
    this.#sleptMs += this.#true.monotonicMs() - sinceMs;
    this.#asleep = null;
    woken.resolve();
  }

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
      const stop = (): void => jump.abort(signal.reason);
      // Not `AbortSignal.any`: hundreds of thousands of sleeps are slept here.
      signal.addEventListener('abort', stop, { once: true });
      this.#sleepers.add(jump);
      try {
        signal.throwIfAborted();
        await this.#true.sleepUntil(instant - this.#skewMs, jump.signal);
        await this.#asleep?.woken.promise;
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!jump.signal.aborted) throw error;
        if (jump.signal.reason === true) return;
      } finally {
        this.#sleepers.delete(jump);
        signal.removeEventListener('abort', stop);
      }
    }
  }
}
