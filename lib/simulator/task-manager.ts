import type { RegionClock } from './clock.ts';
import { Gate } from './gate.ts';

/** Carries out what the API has accepted. While it is away that waits: the API goes on saying 202. */
export class TaskManager {
  readonly #clock: RegionClock;
  readonly #gate = new Gate();

  constructor(clock: RegionClock) {
    this.#clock = clock;
  }

  get down(): boolean {
    return this.#gate.closed;
  }

  set down(down: boolean) {
    this.#gate.closed = down;
  }

  /** Runs `run` no sooner than `delayMs` from now. */
  later(delayMs: number, run: () => void): void {
    this.#clock.after(delayMs, () => this.#gate.pass(run));
  }
}
