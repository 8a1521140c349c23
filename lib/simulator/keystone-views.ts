import { type Catalogue, IDENTITY_PATH } from './catalogue.ts';
import type { CredentialRow, TrustRow } from './delegations.ts';
import { BOOTSTRAPPED, DOMAIN, type Project, type Role, type User } from './identity.ts';
import { selfLink } from './keystone-call.ts';
import { keystoneTime } from './timestamps.ts';
import { projectOf, type TokenRow } from './tokens.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

export function tokenView(world: World, catalogue: Catalogue | null, token: TokenRow, roles: readonly Role[]): Json {
  const projectId = projectOf(token);
  const project = projectId === null ? undefined : world.identity.projects.get(projectId);
  const user = world.identity.users.get(token.userId);
  const { scope } = token;
  const catalog = (of: string | null): Json => (catalogue === null ? {} : { catalog: catalogue(world.origin, of) });
  return {
    methods: token.methods,
    user: { domain: DOMAIN, id: token.userId, name: user?.name ?? '', password_expires_at: null },
    audit_ids: token.auditIds,
    expires_at: keystoneTime(token.expiresUtc),
    issued_at: keystoneTime(token.issuedUtc),
    ...(scope.kind === 'system' && { roles, system: { all: true }, ...catalog(null) }),
    ...(scope.kind === 'trust' && { 'OS-TRUST:trust': trustInToken(scope.trust) }),
    ...(project !== undefined && {
      project: { domain: DOMAIN, id: project.id, name: project.name },
      ...(scope.kind !== 'trust' && { is_domain: false }),
      // A trust's roles are shown whole.
      roles: scope.kind === 'trust' ? roles.map(roleView) : roles,
      ...catalog(project.id),
    }),
    ...(scope.kind === 'credential' && { application_credential: credentialInToken(scope.credential) }),
  };
}

const trustInToken = ({ id, trustorId, trusteeId, impersonation }: TrustRow): Json => ({
  id,
  trustor_user: { id: trustorId },
  trustee_user: { id: trusteeId },
  impersonation,
});

const credentialInToken = ({ id, name, unrestricted, accessRules }: CredentialRow): Json => ({
  id,
  name,
  restricted: unrestricted !== true,
  ...(accessRules && { access_rules: accessRules }),
});

const roleView = ({ id, name }: Role): Json => ({
  id,
  name,
  domain_id: null,
  description: null,
  options: BOOTSTRAPPED.includes(name) ? { immutable: true } : {},
});

export const roleLinkView = (world: World, role: Role): Json => ({
  ...roleView(role),
  links: selfLink(world, `roles/${role.id}`),
});

/** `whole`: with its roles, as a list of trusts leaves them out. The link to them lacks a part of its path in Keystone too. */
export const trustView = (world: World, trust: TrustRow, whole: boolean): Json => ({
  ...(whole && { roles: trust.roles.map((role) => roleLinkView(world, role)) }),
  id: trust.id,
  trustor_user_id: trust.trustorId,
  trustee_user_id: trust.trusteeId,
  project_id: trust.projectId,
  impersonation: trust.impersonation,
  expires_at: trust.expiresUtc === null ? null : keystoneTime(trust.expiresUtc),
  remaining_uses: trust.remainingUses,
  deleted_at: null,
  redelegated_trust_id: null,
  redelegation_count: 0,
  ...(whole && { roles_links: { ...selfLink(world, `${trust.id}/roles`), next: null, previous: null } }),
  links: selfLink(world, `OS-TRUST/trusts/${trust.id}`),
});

/** Without the secret, which is told once. */
export const credentialView = (world: World, credential: CredentialRow): Json => ({
  id: credential.id,
  name: credential.name,
  description: credential.description,
  user_id: credential.userId,
  project_id: credential.projectId,
  system: null,
  expires_at: credential.expiresUtc === null ? null : keystoneTime(credential.expiresUtc).replace('Z', ''),
  unrestricted: credential.unrestricted,
  roles: credential.roles.map(roleView),
  ...(credential.accessRules && { access_rules: credential.accessRules }),
  links: selfLink(world, `application_credentials/${credential.id}`),
});

export const userView = (world: World, { id, name, domainId, enabled, defaultProjectId }: User): Json => ({
  id,
  name,
  domain_id: domainId,
  enabled,
  ...(defaultProjectId !== null && { default_project_id: defaultProjectId }),
  password_expires_at: null,
  options: {},
  links: selfLink(world, `users/${id}`),
});

export const projectView = (world: World, { id, name, domainId, description, enabled }: Project): Json => ({
  id,
  name,
  domain_id: domainId,
  description,
  enabled,
  parent_id: domainId,
  is_domain: false,
  tags: [],
  options: {},
  links: selfLink(world, `projects/${id}`),
});

export const domainView = (world: World): Json => ({
  ...DOMAIN,
  description: 'The default domain',
  enabled: true,
  tags: [],
  options: {},
  links: selfLink(world, `domains/${DOMAIN.id}`),
});

export const versionView = (world: World): Json => ({
  version: {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${world.origin}${IDENTITY_PATH}/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  },
});
