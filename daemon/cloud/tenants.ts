import { OpenStackError, type ProjectClient, type Trove } from '../../lib/openstack/index.ts';
import type { TrustBook } from './trust-book.ts';

/** How this service comes into a tenant's project. */
export interface Tenants {
  /** Runs `act` with tokens of the project. It may be run again: with another trust, where one was refused unsent. */
  within<T>(projectId: string, signal: AbortSignal, act: (project: ProjectClient) => Promise<T>): Promise<T>;
  /** Looks anew at what opens the projects. */
  refresh(signal: AbortSignal): Promise<void>;
}

/** No trust that holds opens the project. */
export class NoTrust extends OpenStackError {
  readonly projectId: string;
  /** The user to whom one is to be given. */
  readonly trustee: string;

  constructor(projectId: string, trustee: string) {
    const message = `no trust that holds gives user ${trustee} project ${projectId}; have one of its members make one`;
    super(message, { code: 'no-trust', delivery: 'not-sent' });
    this.projectId = projectId;
    this.trustee = trustee;
  }
}

/** By a role that is inherited on all projects. */
export function tenantsByRole(trove: Trove): Tenants {
  return { within: (projectId, _signal, act) => act(trove.project({ projectId })), refresh: async () => undefined };
}

/** By the trusts that members of the projects have made. */
export function tenantsByTrust(trove: Trove, book: TrustBook, trustee: () => Promise<string>): Tenants {
  return {
    refresh: (signal) => orAborted(book.refresh(), signal),
    async within(projectId, signal, act) {
      for (const trustId of await orAborted(book.of(projectId), signal)) {
        try {
          return await act(trove.project({ trustId }));
        } catch (error) {
          if (!(error instanceof OpenStackError && error.code === 'no-trust')) throw error;
          book.refused(trustId);
        }
      }
      throw new NoTrust(projectId, await orAborted(trustee(), signal));
    },
  };
}

/** What several wait for is not ended by one who goes. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
