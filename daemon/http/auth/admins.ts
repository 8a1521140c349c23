import type { Subject } from './identity.ts';

/** Who is an admin of the region, as the operator says. */
export interface AdminSettings {
  readonly adminRoles: readonly string[];
  /** Ids, `name@domain`, or names in the domain of the service's own project. */
  readonly adminProjects: readonly string[];
}

/** oslo.policy minds no case in roles (oslo_policy/_checks.py RoleCheck), so nothing here does. */
export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const ID = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether an entry means the project of the token. One that looks like an id is none but an id, so that nobody becomes admin
 * by calling a project so; a name counts in its domain alone, since whoever rules another may call a project `admin` there.
 */
function means(entry: string, { token: { scope }, home }: Subject): boolean {
  if (scope.kind !== 'project') return false;
  if (ID.test(entry)) return scope.id === entry;
  if (scope.domain === null) return false;
  const at = entry.lastIndexOf('@');
  if (at > 0) return same(scope.name, entry.slice(0, at)) && same(scope.domain.name, entry.slice(at + 1));
  return same(scope.name, entry) && home !== null && scope.domain.id === home.id;
}

/** Sees every project: by a role on a project of the admins, or by any on the system; what he may do there his roles say. */
export function seesAll(subject: Subject, settings: AdminSettings): boolean {
  return subject.token.scope.kind === 'system' || isAdmin(subject, settings);
}

/** Holds one of the admins' roles where it counts: he may then do what the role `admin` may, whatever his is called. */
export function isAdmin(subject: Subject, { adminRoles, adminProjects }: AdminSettings): boolean {
  const { scope, roles } = subject.token;
  const counts = scope.kind === 'system' || adminProjects.some((entry) => means(entry, subject));
  return counts && roles.some((role) => adminRoles.some((admin) => same(role, admin)));
}
