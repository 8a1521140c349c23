import type { Scope } from './types.ts';

/** One text per scope, for keys and messages. */
export function scopeName(scope: Scope): string {
  return 'projectId' in scope
    ? `project ${scope.projectId}`
    : `project "${scope.projectName}" of domain "${scope.projectDomainName}"`;
}

/** As Keystone takes it. (Keystone: keystone/auth/core.py _lookup_project) */
export function scopeBody(scope: Scope): object {
  return 'projectId' in scope
    ? { project: { id: scope.projectId } }
    : { project: { name: scope.projectName, domain: { name: scope.projectDomainName } } };
}
