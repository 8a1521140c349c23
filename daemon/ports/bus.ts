/** The state of the bus for health and metrics. */
export interface BusState {
  readonly consuming: boolean;
  readonly bound: boolean;
  readonly lastError: string | null;
}

export interface BusPort {
  state(): BusState;
  /** Connects, and connects again, until the signal aborts; what was noted is acknowledged before it returns. */
  loop(signal: AbortSignal): Promise<void>;
}
