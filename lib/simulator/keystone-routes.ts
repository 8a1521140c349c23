import { issued } from './keystone-auth.ts';
import { adminsOnly, type KeystoneAction } from './keystone-call.ts';
import { createCredential, deleteCredential, listCredentials, showCredential } from './keystone-credentials.ts';
import {
  listDomains,
  listOwnProjects,
  listProjects,
  listProjectsOfUser,
  listRoles,
  listUsers,
  showProject,
  showUser,
} from './keystone-directory.ts';
import { forbidden } from './keystone-fault.ts';
import { createTrust, deleteTrust, listTrustRoles, listTrusts, showTrust } from './keystone-trusts.ts';
import type { Routes } from './routes.ts';
import { isAdmin, subjectToken } from './token-check.ts';

/** Anybody may look at his own token; another's only an admin. */
const showToken: KeystoneAction = ({ world, catalogue, url, caller, subject, goesByAccessRules }) => {
  if (subject !== caller.token.id && !isAdmin(caller)) throw forbidden('identity:validate_token');
  const whose = subjectToken(world, subject ?? '', goesByAccessRules).token;
  return issued(world, url.searchParams.has('nocatalog') ? null : catalogue, whose, 200);
};

const revokeToken: KeystoneAction = ({ world, caller, subject }) => {
  if (subject !== caller.token.id && !isAdmin(caller)) throw forbidden('identity:revoke_token');
  subjectToken(world, subject ?? '', false).token.revoked = true;
  return { status: 204, body: null };
};

/** What needs a token. Method and path below `/v3`. */
export const KEYSTONE_ROUTES: Routes<KeystoneAction> = {
  'GET auth/tokens': showToken,
  'HEAD auth/tokens': (call) => ({ ...showToken(call), body: null }),
  'DELETE auth/tokens': revokeToken,
  'GET auth/projects': listOwnProjects,
  'GET projects': adminsOnly('identity:list_projects', listProjects),
  'GET projects/*': showProject,
  'GET domains': adminsOnly('identity:list_domains', listDomains),
  'GET roles': adminsOnly('identity:list_roles', listRoles),
  'GET users': adminsOnly('identity:list_users', listUsers),
  'GET users/*': showUser,
  'GET users/*/projects': listProjectsOfUser,
  'GET users/*/application_credentials': listCredentials,
  'POST users/*/application_credentials': createCredential,
  'GET users/*/application_credentials/*': showCredential,
  'DELETE users/*/application_credentials/*': deleteCredential,
  'GET OS-TRUST/trusts': listTrusts,
  'POST OS-TRUST/trusts': createTrust,
  'GET OS-TRUST/trusts/*': showTrust,
  'DELETE OS-TRUST/trusts/*': deleteTrust,
  'GET OS-TRUST/trusts/*/roles': listTrustRoles,
};
