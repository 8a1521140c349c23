import type { Clock } from '../../daemon/ports/clock.ts';
import type { RegionClock } from '../../lib/simulator/index.ts';

interface Timer {
  readonly dueUtc: number;
  readonly run: () => void;
}

/** Turns of the event loop without a stir after which nothing is under way any more. */
const QUIET_TURNS = 3;
/** Where requests were made meanwhile: fetch's streams take some turns from one stir to the next. */
const QUIET_TURNS_OF_REQUESTS = 12;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * One time for the daemon and the region, which stands until it is moved. Timers fire in order, each at its own
 * instant, and all that follows from one is done before the next. Nothing here reads a socket or a real clock, so
 * "done" is a matter of turns: whoever works says so by `stir`.
 */
export class VirtualClock implements Clock, RegionClock {
  #nowUtc: number;
  readonly #startUtc: number;
  readonly #timers: Timer[] = [];
  #stirs = 0;
  #requests = 0;

  constructor(startUtc: number) {
    this.#nowUtc = startUtc;
    this.#startUtc = startUtc;
  }

  nowUtc = (): number => this.#nowUtc;
  monotonicMs = (): number => this.#nowUtc - this.#startUtc;

  /** A request began or ended. */
  stir(): void {
    this.#stirs++;
    this.#requests++;
  }

  after(delayMs: number, run: () => void): () => void {
    this.#stirs++;
    const timer = { dueUtc: this.#nowUtc + delayMs, run };
    const before = this.#timers.findLastIndex(({ dueUtc }) => dueUtc <= timer.dueUtc);
    this.#timers.splice(before + 1, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  sleepUntil(instant: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (instant <= this.#nowUtc) return resolve();
      const cancel = this.after(instant - this.#nowUtc, () => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
      const abort = (): void => {
        cancel();
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Resolves when everything that waits for no instant is done. */
  async drain(): Promise<void> {
    const requestsBefore = this.#requests;
    for (let quiet = 0; ; quiet++) {
      const stirsBefore = this.#stirs;
      await turn();
      if (this.#stirs !== stirsBefore) quiet = 0;
      if (quiet >= (this.#requests === requestsBefore ? QUIET_TURNS : QUIET_TURNS_OF_REQUESTS)) return;
    }
  }

  /** Moves on, and runs what falls due on the way, each at its own instant. */
  async advance(ms: number): Promise<void> {
    const untilUtc = this.#nowUtc + ms;
    for (;;) {
      await this.drain();
      const dueUtc = this.#timers[0]?.dueUtc;
      if (dueUtc === undefined || dueUtc > untilUtc) break;
      this.#nowUtc = Math.max(this.#nowUtc, dueUtc);
      // One by one: what one of them cancels does not fire.
      for (let next = this.#timers[0]; next !== undefined && next.dueUtc <= this.#nowUtc; next = this.#timers[0]) {
        this.#timers.shift();
        next.run();
      }
    }
    this.#nowUtc = untilUtc;
  }
}
