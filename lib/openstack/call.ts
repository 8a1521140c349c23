import type { CallOptions } from './types.ts';

/** One public call on its way: what may end it, and the request id that all its attempts share. */
export interface Call {
  readonly sentRequestId: string;
  readonly signal: AbortSignal | undefined;
  /** On the monotonic clock: a jump of the wall clock ends no call. Put off by what is not to count. */
  endsMs: number;
  readonly maxBodyBytes: number;
}

/** Why a call was ended from this side. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly by: 'signal' | 'deadline' | 'timeout';

  constructor(by: Stopped['by']) {
    super(
      { signal: 'ended by its caller', deadline: 'not done by its deadline', timeout: 'no full answer in time' }[by],
    );
    this.by = by;
  }
}

/** The id has the form that oslo.middleware takes as a global request id (oslo_middleware/request_id.py ID_FORMAT). */
export function startCall(options: CallOptions = {}): Call {
  return {
    sentRequestId: `req-${crypto.randomUUID()}`,
    signal: options.signal,
    endsMs: options.deadlineMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.deadlineMs,
    maxBodyBytes: options.maxBodyBytes ?? Number.POSITIVE_INFINITY,
  };
}

export function remainingMs(call: Call): number {
  return call.endsMs - performance.now();
}

/** For a call made on behalf of this one. */
export function inheritLimits(call: Call): CallOptions {
  return { signal: call.signal, deadlineMs: Number.isFinite(call.endsMs) ? remainingMs(call) : undefined };
}

/** Runs `work` until it ends, the caller aborts, or time is up; nothing stays behind on the caller's signal. */
export async function withLimits<T>(
  call: Call,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (call.signal?.aborted) throw new Stopped('signal');
  const leftMs = remainingMs(call);
  if (leftMs <= 0) throw new Stopped('deadline');

  const controller = new AbortController();
  let stop: (by: Stopped['by']) => void = () => {};
  // The race does not rely on `work` minding its signal: an injected fetch may not.
  const stopped = new Promise<never>((_, reject) => {
    stop = (by) => {
      const reason = new Stopped(by);
      reject(reason);
      controller.abort(reason);
    };
  });
  const onAbort = () => stop('signal');
  const timer = setTimeout(
    () => stop(leftMs < timeoutMs ? 'deadline' : 'timeout'),
    timerMs(Math.min(leftMs, timeoutMs)),
  );
  call.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

/** Runs `work` without counting its time, until the caller aborts. */
export async function uncounted<T>(call: Call, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  try {
    return await withLimits({ ...call, endsMs: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY, work);
  } finally {
    call.endsMs += performance.now() - startedMs;
  }
}

/** Waits; rejects when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Stopped('signal'));
    const onAbort = () => {
      clearTimeout(timer);
      reject(new Stopped('signal'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, timerMs(ms));
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** A timer of more than 2³¹−1 ms fires at once. */
function timerMs(ms: number): number {
  return Math.min(ms, 2 ** 31 - 1);
}
