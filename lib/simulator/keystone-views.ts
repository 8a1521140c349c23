import { type Catalogue, IDENTITY_PATH } from './catalogue.ts';
import { DOMAIN, type Project, type TokenRow } from './identity.ts';
import { keystoneTime } from './timestamps.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

export function tokenView(world: World, catalogue: Catalogue, token: TokenRow): Json {
  const project = token.projectId === null ? undefined : world.identity.projects.get(token.projectId);
  const domain = { id: DOMAIN.id, name: DOMAIN.name };
  const user = world.identity.users.get(token.userId);
  return {
    methods: ['password'],
    user: { domain, id: token.userId, name: user?.name ?? '', password_expires_at: null },
    audit_ids: [token.auditId],
    expires_at: keystoneTime(token.expiresUtc),
    issued_at: keystoneTime(token.issuedUtc),
    ...(project !== undefined && {
      project: { domain, id: project.id, name: project.name },
      is_domain: false,
      roles: token.roles,
      catalog: catalogue(world.origin, project.id),
    }),
  };
}

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
  links: { self: `${world.origin}${IDENTITY_PATH}/projects/${id}` },
});

export const domainView = (world: World): Json => ({
  ...DOMAIN,
  description: 'The default domain',
  enabled: true,
  tags: [],
  options: {},
  links: { self: `${world.origin}${IDENTITY_PATH}/domains/${DOMAIN.id}` },
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
