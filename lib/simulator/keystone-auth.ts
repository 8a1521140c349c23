import type { Catalogue } from './catalogue.ts';
import type { User } from './identity.ts';
import { needed } from './keystone-call.ts';
import { forbidden, KeystoneFault, unauthorized } from './keystone-fault.ts';
import { type Proof, proofOf } from './keystone-proof.ts';
import { scopeOf, type WantedScope } from './keystone-scope.ts';
import { tokenView } from './keystone-views.ts';
import { trustRoles, validToken } from './token-check.ts';
import type { TokenRow, TokenScope } from './tokens.ts';
import type { Answer } from './wire.ts';
import type { World } from './world.ts';

/**
 * POST /auth/tokens. A wrong name, a wrong password and a project without a role are one and the same 401.
 * Keystone: keystone/api/_shared/authentication.py, authenticate_for_token
 */
export function authenticate(world: World, catalogue: Catalogue, body: unknown): Answer {
  const auth = needed(body, 'auth', 'request body');
  const wanted = scopeOf(world, auth['scope']);
  const proof = proofOf(world, auth['identity']);
  const { userId, scope } = opened(world, proof, wanted);
  const token = world.tokens.issue({ methods: proof.methods, userId, scope }, proof.parent, world.clock.nowUtc());
  return issued(world, catalogue, token, 201);
}

/** Without a catalogue where none is wanted. */
export function issued(world: World, catalogue: Catalogue | null, token: TokenRow, status: number): Answer {
  const { roles } = validToken(world, token.id);
  const headers = { 'X-Subject-Token': token.id };
  return { status, body: { token: tokenView(world, catalogue, token, roles) }, headers };
}

interface Opened {
  readonly userId: string;
  readonly scope: TokenScope;
}

function opened(world: World, { user, credential }: Proof, wanted: WantedScope): Opened {
  if (credential !== null) {
    if (wanted.kind !== 'unsaid') {
      const message =
        'Error authenticating with application credential: Application credentials cannot request a scope.';
      throw new KeystoneFault(401, message, {});
    }
    const { projectId } = credential;
    if (projectId !== null && world.identity.rolesOn(user.id, projectId).length === 0) throw unauthorized();
    return { userId: user.id, scope: { kind: 'credential', projectId, credential } };
  }
  switch (wanted.kind) {
    case 'unsaid':
      return { userId: user.id, scope: defaultScope(world, user) };
    case 'unscoped':
      return { userId: user.id, scope: { kind: 'none' } };
    case 'system':
      if (world.identity.systemRoles(user.id).length === 0) throw unauthorized();
      return { userId: user.id, scope: { kind: 'system' } };
    case 'project':
      if (world.identity.rolesOn(user.id, wanted.project.id).length === 0) throw unauthorized();
      return { userId: user.id, scope: { kind: 'project', projectId: wanted.project.id } };
    case 'trust':
      return openedByTrust(world, user.id, wanted);
  }
}

/** A default project that is gone or disabled, or where its user has no role, is passed over without a word. */
function defaultScope({ identity }: World, { id, defaultProjectId: projectId }: User): TokenScope {
  const project = projectId === null ? undefined : identity.projects.get(projectId);
  const isOpen = project?.enabled === true && identity.rolesOn(id, project.id).length > 0;
  return isOpen ? { kind: 'project', projectId: project.id } : { kind: 'none' };
}

function openedByTrust(
  world: World,
  userId: string,
  { trust }: Extract<WantedScope, { readonly kind: 'trust' }>,
): Opened {
  if (trust.trusteeId !== userId) throw forbidden();
  const { projectId } = trust;
  if (world.identity.projects.get(projectId)?.enabled !== true) throw unauthorized();
  trustRoles(world, trust);
  if (trust.remainingUses === 0) throw unauthorized();
  if (trust.remainingUses !== null) trust.remainingUses--;
  return { userId: trust.impersonation ? trust.trustorId : userId, scope: { kind: 'trust', projectId, trust } };
}
