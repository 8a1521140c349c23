import { type ErrorCode, mayHaveHappened, OpenStackError } from '../../lib/openstack/index.ts';
import { CallerCloudError, type CallerFault } from '../ports/caller-cloud.ts';
import { detailOf } from './errors.ts';

const FAULTS: Readonly<Record<ErrorCode, CallerFault>> = {
  busy: 'busy',
  quota: 'quota',
  rate: 'rate',
  'swift-unavailable': 'storage-away',
  unauthorized: 'signed-out',
  'no-role': 'forbidden',
  'no-trust': 'forbidden',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  'bad-request': 'invalid',
  conflict: 'conflict',
  server: 'away',
  timeout: 'away',
  connection: 'away',
  aborted: 'away',
  malformed: 'away',
  'too-large': 'away',
  incomplete: 'away',
  'no-endpoint': 'no-service',
};

function faultOf(error: OpenStackError, isWrite: boolean): CallerFault {
  if (isWrite && mayHaveHappened(error)) return 'unknown';
  return FAULTS[error.code];
}

/** Runs a caller's request; whatever of it fails in the cloud is told in the caller's terms. */
export async function asCaller<T>(isWrite: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const { retryAfterMs = null } = error;
    throw new CallerCloudError(faultOf(error, isWrite), detailOf(error), { retryAfterMs, cause: error });
  }
}
