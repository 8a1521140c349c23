import type { TrustRow } from './delegations.ts';
import type { Role } from './identity.ts';
import { type KeystoneAction, type KeystoneCall, listAnswer, needed, selfLink } from './keystone-call.ts';
import { expiry } from './keystone-expiry.ts';
import { absent, forbidden, KeystoneFault } from './keystone-fault.ts';
import { roleLinkView, trustView } from './keystone-views.ts';
import { isAdmin } from './token-check.ts';
import { type Answer, isJson } from './wire.ts';

/** OS-TRUST. Keystone: keystone/api/trusts.py */
export const createTrust = undelegated((call) => {
  const { world, body, caller } = call;
  const fields = needed(body, 'trust', 'request body');
  for (const name of ['trustor_user_id', 'trustee_user_id', 'impersonation']) {
    if (fields[name] === undefined) throw new KeystoneFault(400, `'${name}' is a required property`);
  }
  if (caller.token.scope.kind === 'trust') throw forbidden();
  if (fields['trustor_user_id'] !== caller.token.userId) throw forbidden('identity:create_trust');
  const roles = rolesNamed(call, fields['roles']);
  const trusteeId = String(fields['trustee_user_id']);
  if (!world.identity.users.has(trusteeId)) throw absent('user', trusteeId);
  const projectId = String(fields['project_id']);
  if (!world.identity.projects.has(projectId)) throw absent('project', projectId);
  const held = world.identity.rolesOn(caller.token.userId, projectId);
  const strange = roles.find(({ name }) => !held.some((role) => role.name === name));
  if (strange !== undefined) throw absent('role', strange.id);
  const uses = fields['remaining_uses'];
  const trust = {
    trustorId: caller.token.userId,
    trusteeId,
    projectId,
    impersonation: fields['impersonation'] === true,
    roles,
    expiresUtc: expiry(fields['expires_at'], world.clock.nowUtc()),
    remainingUses: typeof uses === 'number' ? uses : null,
  };
  refuseTwin(call, trust);
  return { status: 201, body: { trust: trustView(world, world.delegations.addTrust(trust), true) } };
});

/** Of several filters each must be allowed; without any only an admin may look. The roles are left out. */
export const listTrusts = undelegated((call) => {
  const { world, url, caller } = call;
  const trustor = url.searchParams.get('trustor_user_id');
  const trustee = url.searchParams.get('trustee_user_id');
  if (!isAdmin(caller)) {
    if (trustor === null && trustee === null) throw forbidden('identity:list_trusts');
    if (trustor !== null && trustor !== caller.token.userId) throw forbidden('identity:list_trusts_for_trustor');
    if (trustee !== null && trustee !== caller.token.userId) throw forbidden('identity:list_trusts_for_trustee');
  }
  const rows = world.delegations
    .trusts()
    .filter(({ trustorId }) => trustor === null || trustorId === trustor)
    .filter(({ trusteeId }) => trustee === null || trusteeId === trustee);
  const views = rows.map((row) => trustView(world, row, false));
  return listAnswer(call, 'trusts', views);
});

export const showTrust = undelegated((call) => ({
  status: 200,
  body: { trust: trustView(call.world, seen(call, 'identity:get_trust'), true) },
}));

export const listTrustRoles = undelegated((call) => {
  const { id, roles } = seen(call, 'identity:list_roles_for_trust');
  const links = { ...selfLink(call.world, `${id}/roles`), next: null, previous: null };
  return { status: 200, body: { roles: roles.map((role) => roleLinkView(call.world, role)), links } };
});

/** The trustor may, and an admin; the trustee may not. */
export const deleteTrust = undelegated((call): Answer => {
  const trust = found(call);
  if (trust.trustorId !== call.caller.token.userId && !isAdmin(call.caller)) throw forbidden('identity:delete_trust');
  call.world.delegations.deleteTrust(trust.id);
  return { status: 204, body: null };
});

/** Since Keystone 22.0.1 nothing of this is open to application credentials, whether restricted or not. */
function undelegated(action: KeystoneAction): KeystoneAction {
  return (call) => {
    if (call.caller.token.scope.kind === 'credential') throw forbidden('Delegated tokens cannot manage trusts.');
    return action(call);
  };
}

function found({ world, ids }: KeystoneCall): TrustRow {
  const id = ids[0] ?? '';
  const trust = world.delegations.trust(id, world.clock.nowUtc());
  if (trust === undefined) throw absent('trust', id);
  return trust;
}

function seen(call: KeystoneCall, rule: string): TrustRow {
  const trust = found(call);
  const { userId } = call.caller.token;
  if (trust.trustorId !== userId && trust.trusteeId !== userId && !isAdmin(call.caller)) throw forbidden(rule);
  return trust;
}

function rolesNamed({ world }: KeystoneCall, given: unknown): readonly Role[] {
  if (!Array.isArray(given) || given.length === 0) throw forbidden('At least one role should be specified');
  return given.map((one: unknown) => {
    const named = isJson(one) ? one : {};
    const role = world.identity.role(named);
    if (role !== undefined) return role;
    if (typeof named['id'] === 'string') throw absent('role', named['id']);
    throw new KeystoneFault(404, `Role ${String(named['name'])} is not defined`);
  });
}

/** Two trusts may be alike but not end in the same second; that those without an end may be is the database's doing. */
function refuseTwin({ world }: KeystoneCall, trust: Omit<TrustRow, 'id'>): void {
  const alike = (one: TrustRow) =>
    one.expiresUtc !== null &&
    one.expiresUtc === trust.expiresUtc &&
    one.trustorId === trust.trustorId &&
    one.trusteeId === trust.trusteeId &&
    one.projectId === trust.projectId &&
    one.impersonation === trust.impersonation;
  const twin = world.delegations.trusts().find(alike);
  if (twin === undefined) return;
  const message = `Conflict occurred attempting to store trust - Duplicate entry found with ID ${twin.id}.`;
  throw new KeystoneFault(409, message);
}
