import type { TrustRow } from './delegations.ts';
import type { Role } from './identity.ts';
import { absent, forbidden, TokenFault } from './keystone-fault.ts';
import { projectOf, type TokenRow } from './tokens.ts';
import type { World } from './world.ts';

export interface ValidToken {
  readonly token: TokenRow;
  readonly roles: readonly Role[];
}

export const isAdmin = ({ roles }: ValidToken): boolean => roles.some(({ name }) => name === 'admin');

/**
 * The token and the roles it has now. They are looked up at each use, so a role taken away ends the token.
 * Throws `TokenFault`, and other `KeystoneFault`s where a trust or an application credential has gone.
 * Keystone: keystone/models/token_model.py, TokenModel.roles and mint
 */
export function validToken(world: World, id: string): ValidToken {
  const token = world.tokens.find(id);
  if (id === '') throw new TokenFault('No token in the request');
  if (token === undefined) throw new TokenFault('Could not recognize Fernet token');
  if (token.revoked || token.expiresUtc <= world.clock.nowUtc()) throw new TokenFault('Failed to validate token');
  const roles = rolesOf(world, token);
  const projectId = projectOf(token);
  const opens = projectId === null || (roles.length > 0 && world.identity.projects.get(projectId)?.enabled === true);
  if (!opens || world.identity.users.get(token.userId)?.enabled !== true) {
    throw new TokenFault(`Could not find token: ${id}.`);
  }
  return { token, roles };
}

const hasAccessRules = ({ scope }: TokenRow): boolean =>
  scope.kind === 'credential' && scope.credential.accessRules !== null;

/**
 * As it is shown to a service that asks about it: to one that does not go by access rules a token with some is none.
 * Keystone: keystone/token/provider.py, _validate_token_access_rules
 */
export function subjectToken(world: World, id: string, goesByAccessRules: boolean): ValidToken {
  const valid = validToken(world, id);
  if (hasAccessRules(valid.token) && !goesByAccessRules) throw new TokenFault('Failed to validate token');
  return valid;
}

/**
 * As it opens a service whose `service_type` nobody has set: with access rules not at all.
 * keystonemiddleware: auth_token/__init__.py, validate_allowed_request
 */
export const openingToken = (world: World, id: string): ValidToken => subjectToken(world, id, false);

function rolesOf(world: World, { userId, scope }: TokenRow): readonly Role[] {
  const { identity, delegations } = world;
  switch (scope.kind) {
    case 'none':
      return [];
    case 'system':
      return identity.systemRoles(userId);
    case 'project':
      return identity.rolesOn(userId, scope.projectId);
    case 'credential': {
      const credential = delegations.credential(scope.credential.id);
      if (credential === undefined) throw absent('Application Credential', scope.credential.id);
      const held = scope.projectId === null ? [] : identity.rolesOn(userId, scope.projectId);
      return held.filter(({ name }) => credential.roles.some((role) => role.name === name));
    }
    case 'trust': {
      const trust = delegations.trust(scope.trust.id, world.clock.nowUtc());
      if (trust === undefined) throw absent('trust', scope.trust.id);
      return trustRoles(world, trust);
    }
  }
}

/** A trust is worth no more than its trustor: disabled, or without one of the roles, and it is a 403. */
export function trustRoles({ identity }: World, trust: TrustRow): readonly Role[] {
  const held = identity.rolesOn(trust.trustorId, trust.projectId);
  const stands = trust.roles.every(({ name }) => held.some((role) => role.name === name));
  if (!stands || identity.users.get(trust.trustorId)?.enabled !== true) throw forbidden();
  return identity.withImplied(trust.roles.map(({ name }) => name));
}
