import type { DurationMs, Reason, RuleName } from '../../lib/core/index.ts';
import { type CloudPort, CloudUnavailable } from '../ports/cloud.ts';

const FIRST_MS: DurationMs = 10 * 60_000;
const LONGEST_MS: DurationMs = 60 * 60_000;

/** What only an operator or the tenant can change. */
const CLOSED: ReadonlySet<RuleName> = new Set(['no-role']);

interface Closed {
  readonly reason: Reason;
  readonly untilMs: number;
  readonly waitMs: DurationMs;
}

/**
 * Leaves projects alone that do not let this service in: each try would be a login that fails, for every database of the
 * project and every minute. For ten minutes at first, then longer, up to an hour; whatever succeeds ends it.
 */
export function sparing(cloud: CloudPort, monotonicMs: () => number): CloudPort {
  const closed = new Map<string, Closed>();

  function whileClosed(projectId: string): { readonly reason: Reason; readonly retryAfterMs: DurationMs } | null {
    const found = closed.get(projectId);
    const leftMs = (found?.untilMs ?? 0) - monotonicMs();
    return found && leftMs > 0 ? { reason: found.reason, retryAfterMs: leftMs } : null;
  }

  /** How long to leave it alone. Of several that were refused together the first one counts. */
  function close(projectId: string, reason: Reason): DurationMs {
    const nowMs = monotonicMs();
    const before = closed.get(projectId);
    if (before && before.untilMs > nowMs) return before.untilMs - nowMs;
    // Anybody with a guest's broker password can name any projects: what is long over is forgotten.
    for (const [id, { untilMs }] of closed) if (untilMs < nowMs - LONGEST_MS) closed.delete(id);
    const waitMs = before ? Math.min(before.waitMs * 2, LONGEST_MS) : FIRST_MS;
    closed.set(projectId, { reason, untilMs: nowMs + waitMs, waitMs });
    return waitMs;
  }

  const read =
    <A extends readonly unknown[], T>(ask: (projectId: string, ...rest: A) => Promise<T>) =>
    async (projectId: string, ...rest: A): Promise<T> => {
      const shut = whileClosed(projectId);
      if (shut) throw new CloudUnavailable('this project was closed to the service a while ago', shut.reason, shut);
      try {
        const answer = await ask(projectId, ...rest);
        closed.delete(projectId);
        return answer;
      } catch (error) {
        if (!(error instanceof CloudUnavailable) || !CLOSED.has(error.reason.rule)) throw error;
        const retryAfterMs = close(projectId, error.reason);
        throw new CloudUnavailable(error.message, error.reason, { retryAfterMs, cause: error });
      }
    };

  /** An outcome that is such a refusal says when to try again. */
  function remembered<O extends { readonly kind: string }>(projectId: string, outcome: O): O {
    const { because, retryAfterMs } = outcome as { because?: Reason; retryAfterMs?: number | null };
    if (retryAfterMs === undefined || !because || !CLOSED.has(because.rule)) return outcome;
    return { ...outcome, retryAfterMs: close(projectId, because) };
  }

  return {
    ...cloud,
    instance: read(cloud.instance),
    backups: read(cloud.backups),
    backup: read(cloud.backup),
    quota: read(cloud.quota),
    async createBackup(request, signal, commit) {
      const shut = whileClosed(request.projectId);
      if (shut) return { kind: 'later', because: shut.reason, retryAfterMs: shut.retryAfterMs };
      return remembered(request.projectId, await cloud.createBackup(request, signal, commit));
    },
    async deleteBackup(projectId, backupId, signal, commit) {
      const shut = whileClosed(projectId);
      if (shut) return { kind: 'refused', because: shut.reason, retryAfterMs: shut.retryAfterMs };
      return remembered(projectId, await cloud.deleteBackup(projectId, backupId, signal, commit));
    },
  };
}
