import type { RegionClock } from '../../lib/simulator/index.ts';

interface Timer {
  readonly dueUtc: number;
  readonly run: () => void;
}

/** A clock that stands until it is moved. */
export class VirtualClock implements RegionClock {
  #nowUtc: number;
  /** By the time they are due; what is due at one instant in the order it was asked for. */
  readonly #timers: Timer[] = [];

  constructor(startUtc: number) {
    this.#nowUtc = startUtc;
  }

  nowUtc(): number {
    return this.#nowUtc;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueUtc: this.#nowUtc + delayMs, run };
    const before = this.#timers.findLastIndex(({ dueUtc }) => dueUtc <= timer.dueUtc);
    this.#timers.splice(before + 1, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  /** Moves on, and runs what falls due on the way, each at its own instant. */
  advance(ms: number): void {
    const untilUtc = this.#nowUtc + ms;
    for (let next = this.#timers[0]; next !== undefined && next.dueUtc <= untilUtc; next = this.#timers[0]) {
      this.#timers.shift();
      this.#nowUtc = next.dueUtc;
      next.run();
    }
    this.#nowUtc = untilUtc;
  }
}
