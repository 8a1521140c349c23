import type { Scope } from './types.ts';

/** One text per scope, for keys and messages. */
export function scopeName(scope: Scope): string {
  if (scope === 'default') return 'its default project';
  if ('projectId' in scope) return `project ${scope.projectId}`;
  if ('trustId' in scope) return `trust ${scope.trustId}`;
  return 'projectDomainId' in scope
    ? `project "${scope.projectName}" of domain ${scope.projectDomainId}`
    : `project "${scope.projectName}" of domain "${scope.projectDomainName}"`;
}

/** As Keystone takes it; none asks for the default. (Keystone: keystone/auth/core.py _validate_and_normalize_scope_data) */
export function scopeBody(scope: Scope | 'unscoped'): { readonly scope?: unknown } {
  if (scope === 'default') return {};
  if (scope === 'unscoped') return { scope };
  if ('projectId' in scope) return { scope: { project: { id: scope.projectId } } };
  if ('trustId' in scope) return { scope: { 'OS-TRUST:trust': { id: scope.trustId } } };
  const domain = 'projectDomainId' in scope ? { id: scope.projectDomainId } : { name: scope.projectDomainName };
  return { scope: { project: { name: scope.projectName, domain } } };
}

interface Fixed {
  readonly projectId: string;
  readonly projectName: string;
  readonly projectDomain: { readonly id: string; readonly name: string } | undefined;
}

/** Whether a token that could not be asked for its scope has it nevertheless. Keystone minds no case in names. */
export function isOfScope(token: Fixed, scope: Scope): boolean {
  if (scope === 'default') return true;
  if ('projectId' in scope) return token.projectId === scope.projectId;
  if ('trustId' in scope) return false;
  const { projectName, projectDomain } = token;
  const sameDomain =
    'projectDomainId' in scope
      ? projectDomain?.id === scope.projectDomainId
      : projectDomain?.name.toLowerCase() === scope.projectDomainName.toLowerCase();
  return sameDomain && projectName.toLowerCase() === scope.projectName.toLowerCase();
}
