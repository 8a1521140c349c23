import { because, type Reason } from '../../lib/core/index.ts';
import { type ErrorCode, mayHaveHappened, OpenStackError } from '../../lib/openstack/index.ts';
import { CloudUnavailable, type DeleteOutcome, type RequestNames, type SubmitOutcome } from '../ports/cloud.ts';
import { NoTrust } from './tenants.ts';

const DEFAULT_RETRY_MS = 15_000;

/** What went wrong, for people: they do not know our urls. The log has them in the error itself. */
export const detailOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^[A-Z]+ https?:\S+: /, '');

function reasonOf(error: OpenStackError, projectId: string): Reason {
  switch (error.code) {
    case 'no-role':
      return because('no-role', { project: projectId });
    case 'no-trust':
      return error instanceof NoTrust
        ? because('no-trust', { project: error.projectId, trustee: error.trustee })
        : because('refused', { detail: detailOf(error) });
    case 'rate':
      return because('rate-limited', { retryAfterMs: error.retryAfterMs ?? DEFAULT_RETRY_MS });
    case 'swift-unavailable':
      return because('storage-away', { detail: detailOf(error) });
    case 'busy':
      return because('busy', { detail: detailOf(error) });
    case 'quota':
      return because('quota-refused', { detail: detailOf(error) });
    case 'not-found':
      return because('not-found', { detail: detailOf(error) });
    case 'unauthorized':
      return because('unauthorized', { detail: detailOf(error) });
    case 'bad-request':
    case 'conflict':
    case 'forbidden':
      return because('refused', { detail: detailOf(error) });
    default:
      return because('unreachable', { detail: detailOf(error) });
  }
}

/** A failed read: never "absent", always with the reason. */
export function unavailable(error: unknown, projectId: string): CloudUnavailable {
  if (!(error instanceof OpenStackError)) throw error;
  const { retryAfterMs = null } = error;
  return new CloudUnavailable(error.message, reasonOf(error, projectId), { retryAfterMs, cause: error });
}

/** The names of the request that failed; one that was never sent has none. */
export function namesOf(error: unknown): RequestNames {
  if (!(error instanceof OpenStackError) || error.delivery === 'not-sent') return { sent: null, answered: null };
  return { sent: error.sentRequestId ?? null, answered: error.requestId ?? null };
}

/** Refusals that the same request will meet again. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set(['bad-request']);

/**
 * What a failed request for a backup leaves: unknown unless it surely had no effect. A full quota is "later": the
 * next plan reads the quota and ends the slot with the exact numbers.
 */
export function outcomeOf(error: unknown, projectId: string): SubmitOutcome {
  if (!(error instanceof OpenStackError) || mayHaveHappened(error)) {
    return { kind: 'unknown', because: because('answer-lost', { detail: detailOf(error) }) };
  }
  const reason = reasonOf(error, projectId);
  if (FOR_GOOD.has(error.code)) return { kind: 'never', because: reason };
  return { kind: 'later', because: reason, retryAfterMs: error.retryAfterMs ?? null };
}

/** What a failed DELETE leaves: unknown unless it surely had no effect. Only Trove's word on this very id is "absent". */
export function deleteOutcomeOf(error: unknown, projectId: string, backupId: string): DeleteOutcome {
  if (!(error instanceof OpenStackError) || mayHaveHappened(error)) {
    return { kind: 'unknown', because: because('answer-lost', { detail: detailOf(error) }) };
  }
  if (error.code === 'not-found' && error.resourceId === backupId) return { kind: 'absent' };
  return { kind: 'refused', because: reasonOf(error, projectId), retryAfterMs: error.retryAfterMs ?? null };
}
