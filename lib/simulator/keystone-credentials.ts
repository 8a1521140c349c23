import type { AccessRule } from './delegations.ts';
import type { Role } from './identity.ts';
import { type KeystoneAction, type KeystoneCall, listAnswer, needed } from './keystone-call.ts';
import { expiry } from './keystone-expiry.ts';
import { absent, forbidden, KeystoneFault } from './keystone-fault.ts';
import { credentialView } from './keystone-views.ts';
import { isAdmin } from './token-check.ts';
import { projectOf } from './tokens.ts';
import { isJson } from './wire.ts';

// Application credentials. Keystone: keystone/api/users.py, UserAppCredListCreateResource

export const createCredential: KeystoneAction = (call) => {
  const { world, caller } = call;
  const { token } = caller;
  if (call.ids[0] !== token.userId) throw forbidden('identity:create_application_credential');
  refuseRestricted(call);
  const fields = needed(call.body, 'application_credential', 'request body');
  const name = String(fields['name'] ?? '');
  if (name === '') throw new KeystoneFault(400, "Invalid input for field 'name': '' is too short");
  if (world.delegations.credentialsOf(token.userId).some((one) => one.name === name)) {
    const twin = `Duplicate entry found with name ${name}.`;
    throw new KeystoneFault(409, `Conflict occurred attempting to store application_credential - ${twin}`);
  }
  const { secret, description, unrestricted } = fields;
  const credential = world.delegations.addCredential({
    name,
    description: typeof description === 'string' ? description : null,
    secret: typeof secret === 'string' ? secret : null,
    userId: token.userId,
    projectId: projectOf(token),
    roles: rolesFor(call, fields['roles']),
    expiresUtc: expiry(fields['expires_at'], world.clock.nowUtc()),
    unrestricted: typeof unrestricted === 'boolean' ? unrestricted : null,
    accessRules: accessRulesOf(call, fields['access_rules']),
  });
  const view = { ...credentialView(world, credential), secret: credential.secret };
  return { status: 201, body: { application_credential: view } };
};

export const listCredentials: KeystoneAction = (call) => {
  const userId = call.ids[0] ?? '';
  allow(call, userId, 'identity:list_application_credentials');
  const rows = call.world.delegations.credentialsOf(userId);
  const views = rows.map((row) => credentialView(call.world, row));
  return listAnswer(call, 'application_credentials', views);
};

export const showCredential: KeystoneAction = (call) => {
  const [userId = '', id = ''] = call.ids;
  allow(call, userId, 'identity:get_application_credential');
  const credential = call.world.delegations.credential(id);
  if (credential?.userId !== userId) throw absent('Application Credential', id);
  return { status: 200, body: { application_credential: credentialView(call.world, credential) } };
};

export const deleteCredential: KeystoneAction = (call) => {
  const [userId = '', id = ''] = call.ids;
  allow(call, userId, 'identity:delete_application_credential');
  refuseRestricted(call);
  if (call.world.delegations.credential(id)?.userId !== userId) throw absent('Application Credential', id);
  call.world.delegations.deleteCredential(id);
  return { status: 204, body: null };
};

function allow({ caller }: KeystoneCall, userId: string, rule: string): void {
  if (caller.token.userId !== userId && !isAdmin(caller)) throw forbidden(rule);
}

function refuseRestricted({ caller }: KeystoneCall): void {
  const { scope } = caller.token;
  if (scope.kind !== 'credential' || scope.credential.unrestricted === true) return;
  throw forbidden(
    "Using method 'application_credential' is not allowed for managing additional application credentials.",
  );
}

function accessRulesOf({ world }: KeystoneCall, given: unknown): readonly AccessRule[] | null {
  const rules = Array.isArray(given) ? given.filter(isJson) : [];
  if (rules.length === 0) return null;
  return rules.map(({ service, path, method }) => ({
    id: world.ids.hex(),
    service: String(service),
    path: String(path),
    method: String(method),
  }));
}

/** All that the caller has now, unless he names some of them. */
function rolesFor({ world, caller }: KeystoneCall, given: unknown): readonly Role[] {
  if (!Array.isArray(given)) return caller.roles;
  return given.map((one: unknown) => {
    const role = world.identity.role(isJson(one) ? one : {});
    if (role !== undefined && caller.roles.some(({ name }) => name === role.name)) return role;
    const problem = 'Cannot create an application credential with unassigned role';
    throw new KeystoneFault(400, `Invalid application credential: ${problem}`);
  });
}
