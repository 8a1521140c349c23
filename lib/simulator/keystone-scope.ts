import type { TrustRow } from './delegations.ts';
import type { Project } from './identity.ts';
import { isOurDomain } from './keystone-call.ts';
import { KeystoneFault, malformed, unauthorized } from './keystone-fault.ts';
import { isJson, type Json } from './wire.ts';
import type { World } from './world.ts';

/** What a sign-in asks to be opened. */
export type WantedScope =
  | { readonly kind: 'unsaid' }
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'system' }
  | { readonly kind: 'project'; readonly project: Project }
  | { readonly kind: 'trust'; readonly trust: TrustRow };

const KINDS = ['system', 'project', 'domain', 'OS-TRUST:trust', 'unscoped'] as const;

/** Keystone: keystone/auth/core.py, AuthInfo._validate_and_normalize_scope_data */
export function scopeOf(world: World, scope: unknown): WantedScope {
  if (scope === undefined) return { kind: 'unsaid' };
  if (scope === 'unscoped') return { kind: 'unscoped' };
  const given = isJson(scope) ? KINDS.filter((kind) => scope[kind] !== undefined) : [];
  const [kind] = given;
  if (!isJson(scope) || kind === undefined || given.length > 1) {
    throw malformed('Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope');
  }
  const named = isJson(scope[kind]) ? scope[kind] : {};
  switch (kind) {
    case 'unscoped':
      return { kind };
    case 'system':
      return { kind };
    case 'domain': // Nobody here has a role on a domain.
      throw unauthorized();
    case 'project':
      return { kind, project: findProject(world, named) };
    case 'OS-TRUST:trust':
      return { kind: 'trust', trust: findTrust(world, named) };
  }
}

function findProject({ identity }: World, { id, name, domain }: Json): Project {
  if (typeof id !== 'string' && typeof name !== 'string') {
    throw new KeystoneFault(400, 'Invalid input for field scope/project: id or name must be present.');
  }
  if (typeof id !== 'string' && !isJson(domain)) throw malformed('Expecting to find domain in project');
  const named = isJson(domain) && isOurDomain(domain) ? identity.projectByName(String(name)) : undefined;
  const found = typeof id === 'string' ? identity.projects.get(id) : named;
  if (found?.enabled !== true) throw unauthorized();
  return found;
}

function findTrust({ delegations, clock }: World, { id }: Json): TrustRow {
  if (typeof id !== 'string') throw malformed('Expecting to find trust_id in trust');
  const trust = delegations.trust(id, clock.nowUtc());
  if (trust === undefined) throw unauthorized();
  return trust;
}
