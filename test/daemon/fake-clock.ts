import type { Clock } from '../../daemon/ports/clock.ts';

interface Sleeper {
  readonly untilUtc: number;
  readonly wake: () => void;
}

/** A clock that a test moves by hand: `pass` wakes those whose instant has come, in its order. */
export class FakeClock implements Clock {
  #nowMs = Date.UTC(2026, 10, 22);
  #sleepers: readonly Sleeper[] = [];

  nowUtc(): number {
    return this.#nowMs;
  }
  monotonicMs(): number {
    return this.#nowMs - Date.UTC(2026, 10, 22);
  }
  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleepUntil(untilUtc: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (untilUtc <= this.#nowMs) return resolve();
      const leave = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        leave();
        reject(signal.reason);
      };
      const wake = (): void => {
        leave();
        resolve();
      };
      const sleeper: Sleeper = { untilUtc, wake };
      this.#sleepers = [...this.#sleepers, sleeper];
      signal.addEventListener('abort', abort);
    });
  }

  async pass(ms: number): Promise<void> {
    const goal = this.#nowMs + ms;
    for (;;) {
      await settled();
      const next = this.#sleepers.toSorted((one, other) => one.untilUtc - other.untilUtc)[0];
      if (!next || next.untilUtc > goal) break;
      this.#nowMs = Math.max(this.#nowMs, next.untilUtc);
      next.wake();
    }
    this.#nowMs = goal;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
