import type { SubjectToken } from '../../../lib/openstack/index.ts';

export interface NamedDomain {
  readonly id: string;
  readonly name: string;
}

/** A token that is good, and what it is judged by. */
export interface Subject {
  readonly token: SubjectToken;
  /** The domain of the service's own project: that of admin projects which are named without one. */
  readonly home: NamedDomain | null;
}

/** Keystone, as far as it says whose a token is. */
export interface IdentityPort {
  /** null where Keystone says that it is none. @throws OpenStackError where Keystone gives no answer to go by */
  look(token: string): Promise<Subject | null>;
}
