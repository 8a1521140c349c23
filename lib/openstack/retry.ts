import { type Call, remainingMs, sleep as sleepFor } from './call.ts';
import { type ErrorCode, OpenStackError } from './errors.ts';
import type { HttpOptions } from './types.ts';

interface Rule {
  /** Attempts after the first. */
  readonly again: number;
  readonly waitMs: (error: OpenStackError, again: number) => number;
}

/** Longer waits are for the caller to plan. */
const LONGEST_WAIT_MS = 60_000;
const backOff = (error: OpenStackError, again: number) => error.retryAfterMs ?? 250 * 4 ** again;

/** For reads only. What is not here is not tried again. */
const RULES: Partial<Record<ErrorCode, Rule>> = {
  connection: { again: 2, waitMs: backOff },
  server: { again: 2, waitMs: backOff },
  rate: { again: 2, waitMs: (error) => error.retryAfterMs ?? 5_000 },
  unauthorized: { again: 1, waitMs: () => 0 },
};

export interface RetryOptions {
  readonly sleep?: HttpOptions['sleep'];
  /** Called before the one more attempt that `unauthorized` gets; without it there is none. */
  readonly renew?: () => Promise<void>;
}

/** Runs a read again as the rules say, while the call has time for it. */
export async function retrying<T>(call: Call, options: RetryOptions, read: () => Promise<T>): Promise<T> {
  const used = new Map<ErrorCode, number>();
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof OpenStackError)) throw error;
      const again = used.get(error.code) ?? 0;
      const waitMs = waitBefore(error, again, call, options);
      if (waitMs === undefined) throw error;
      used.set(error.code, again + 1);
      if (error.code === 'unauthorized') await options.renew?.();
      else await pause(waitMs, error, call, options);
    }
  }
}

function waitBefore(error: OpenStackError, again: number, call: Call, options: RetryOptions): number | undefined {
  const rule = RULES[error.code];
  if (rule === undefined || again >= rule.again) return undefined;
  if (error.code === 'unauthorized' && options.renew === undefined) return undefined;
  const waitMs = rule.waitMs(error, again);
  return waitMs <= LONGEST_WAIT_MS && waitMs < remainingMs(call) ? waitMs : undefined;
}

async function pause(waitMs: number, error: OpenStackError, call: Call, options: RetryOptions): Promise<void> {
  try {
    await (options.sleep ?? sleepFor)(waitMs, call.signal);
  } catch {
    const { method, url, sentRequestId } = error;
    throw new OpenStackError(
      `${method} ${url}: ended by its caller between two attempts; the first said: ${error.message}`,
      {
        code: 'aborted',
        delivery: error.delivery,
        method,
        url,
        sentRequestId,
        cause: error,
      },
    );
  }
}
