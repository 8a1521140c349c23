/** Lets all else be done that waits: slots, the bus, other requests. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** So long nothing else waits for steps: what it takes to go round the loop is then little of it. */
const STRETCH_MS = 5;

/** All steps, with what else there is to do in between. */
export async function runSteps<T>(
  steps: Generator<void, T>,
  monotonicMs: () => number,
  signal: AbortSignal,
): Promise<T> {
  for (let beganMs = monotonicMs(); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (monotonicMs() - beganMs < STRETCH_MS) continue;
    await breathe();
    signal.throwIfAborted();
    beganMs = monotonicMs();
  }
}
