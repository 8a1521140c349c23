/** What the region knows of time. Everything it does later, it does through `after`, so a virtual clock runs it all. */
export interface RegionClock {
  /** Epoch milliseconds. */
  nowUtc(): number;
  /** Runs `run` once, `delayMs` from now, never before `after` has returned. The answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's own clock. Its timers do not keep a Node process alive: the region ends with whoever started it. */
export function realClock(): RegionClock {
  return {
    nowUtc: () => Date.now(),
    after: (delayMs, run) => {
      const timer: unknown = setTimeout(run, delayMs);
      if (hasUnref(timer)) timer.unref();
      return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
    },
  };
}

// Node answers an object, browsers a number.
function hasUnref(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}
