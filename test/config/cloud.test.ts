import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseConfig } from '../../daemon/config/load.ts';
import { type Home, makeHome } from '../openstack/node/home.ts';
import { refusalOf } from './sample.ts';

const CLOUDS = `clouds:
  prod:
    region_name: RegionOne
    interface: internal
    auth:
      { auth_url: "https://k.example:5000/v3", user_id: u1, password: hunter2, project_name: service, project_domain_id: default }
  bare: { auth: { auth_url: "https://k.example", username: u, password: hunter2 } }
  trusted: { auth: { auth_url: "https://k.example", username: u, password: hunter2, trust_id: tr1 } }
  robot:
    auth_type: v3applicationcredential
    auth: { auth_url: "https://k.example", application_credential_id: ac1, application_credential_secret: hunter2 }
  token: { auth_type: token, auth: { auth_url: "https://k.example", token: hunter2, project_id: p1 } }
  private: { cacert: /ca.pem, auth: { auth_url: "https://k.example", username: u, password: hunter2, project_id: p1 } }
`;

let home: Home;
let file: string;
beforeEach(() => {
  home = makeHome();
  file = home.write('clouds.yaml', CLOUDS);
  vi.stubEnv('OS_CLIENT_CONFIG_FILE', file);
  vi.stubEnv('HOME', home.dir);
});
afterEach(() => {
  vi.unstubAllEnvs();
  home.remove();
});

const configured = (keystone: string): string =>
  `keystone: ${keystone}\nbus: null\npolicies: [{ name: daily, every: day }]\n`;

test('a cloud says who signs in, where, and where he is admin', () => {
  const { keystone } = parseConfig(configured('{ cloud: prod, tenant_scope: trust }'), 'config.yaml');
  const { password, ...rest } = keystone;
  expect(rest).toEqual({
    auth_url: 'https://k.example:5000/v3',
    user: { id: 'u1' },
    home: { projectName: 'service', projectDomainId: 'default' },
    region_name: 'RegionOne',
    interface: 'internal',
    database_endpoint_override: undefined,
    tenant_scope: 'trust',
  });
  expect([password.reveal(), password.source, `${password}`]).toEqual(['hunter2', { kind: 'file', path: file }, '***']);
});

test('the project, the region and the endpoint may be said beside it', () => {
  const block = `{ cloud: bare, project_name: ops, region_name: R2, interface: admin, database_endpoint_override: "https://t.example" }`;
  const { keystone } = parseConfig(configured(block), 'config.yaml');
  expect(keystone).toMatchObject({
    user: { name: 'u', domain: { id: 'default' } },
    home: { projectName: 'ops', projectDomainName: 'Default' },
    region_name: 'R2',
    interface: 'admin',
    database_endpoint_override: 'https://t.example',
    tenant_scope: 'role',
  });
});

test('the environment may be the cloud, and then no file is to be guarded', () => {
  const env = { AUTH_URL: 'https://k.example', USERNAME: 'u', PASSWORD: 'p', PROJECT_ID: 'p1' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(`OS_${name}`, value);
  const { keystone } = parseConfig(configured('{ cloud: envvars }'), 'config.yaml');
  expect([keystone.home, keystone.password.source]).toEqual([{ projectId: 'p1' }, { kind: 'environment' }]);
});

test.each([
  {
    keystone: '{ cloud: none }',
    says: 'keystone.cloud: ~ has no cloud "none"; it has bare, private, prod, robot, token, trusted',
  },
  {
    keystone: '{ cloud: prod, username: u }',
    says: 'keystone.username: is the cloud\'s to say; take it out, or take "cloud" out',
  },
  { keystone: '{ cloud: prod, password: hunter2 }', says: "keystone.password: is the cloud's to say" },
  {
    keystone: '{ cloud: bare }',
    says: 'keystone.project_name: cloud "bare" names no project; set it to the one where the user is admin',
  },
  { keystone: '{ cloud: trusted }', says: 'keystone.project_name: cloud "trusted" names no project' },
  {
    keystone: '{ cloud: robot }',
    says: 'keystone.cloud: "robot" signs in by an application credential, which cannot enter the tenants\' projects; use a user with a password',
  },
  { keystone: '{ cloud: token }', says: 'keystone.cloud: "token" signs in by a token, which cannot enter' },
  { keystone: '{ cloud: private }', says: 'start it with NODE_EXTRA_CA_CERTS=/ca.pem' },
  { keystone: '{ cloud: prod, tenant_scope: both }', says: 'keystone.tenant_scope: must be one of role, trust' },
  { keystone: '{ clod: prod }', says: 'keystone: unknown clod; did you mean cloud?' },
])('$keystone is refused', ({ keystone, says }) => {
  const message = refusalOf(configured(keystone)).message.replaceAll(file, '~');
  expect(message).toContain(says);
  expect(message).not.toContain('hunter2');
});
