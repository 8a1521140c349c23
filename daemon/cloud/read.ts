import { unavailable } from './errors.ts';

export interface Call {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** One read, its retries and pages included; throws CloudUnavailable, or the signal's reason. */
export type Read = <T>(projectId: string, act: (call: Call) => Promise<T>, signal: AbortSignal) => Promise<T>;

export const reader =
  (deadlineMs: number): Read =>
  async (projectId, act, signal) => {
    try {
      return await act({ signal, deadlineMs });
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(error, projectId);
    }
  };
