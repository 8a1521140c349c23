import type { Auth, DomainRef, UserRef } from '../auth.ts';
import type { Interface, KeystoneEndpoint, Scope } from '../types.ts';
import { CloudConfigError } from './error.ts';
import type { FoundCloud } from './find-cloud.ts';
import { mergeAuth, type Section, sectionAt, textAt } from './section.ts';

/** What a cloud's settings say about signing in. */
export interface CloudSettings {
  readonly keystone: KeystoneEndpoint & { readonly auth: Auth };
  readonly scope: Scope;
}

export function settingsOf({ settings, where }: FoundCloud): CloudSettings {
  const auth = authSection(settings, where);
  const need = (...keys: readonly string[]): string => {
    const text = textAt(auth, ...keys);
    if (text === undefined) throw new CloudConfigError(`${where}: ${keys[0]} is missing; add it under "auth"`);
    return text;
  };
  const regionName = textAt(settings, 'database_region_name', 'region_name');
  const override = textAt(settings, 'database_endpoint_override', 'database_endpoint');
  return {
    keystone: {
      authUrl: filledIn(need('auth_url'), settings),
      auth: signInOf(settings, auth, need, where),
      interface: interfaceOf(settings, where),
      ...(regionName !== undefined && { regionName }),
      ...(override !== undefined && { databaseEndpointOverride: override }),
    },
    scope: scopeOf(auth, where),
  };
}

/** These count from outside of `auth` first; an older name comes last. (openstacksdk: loader.py _fix_backwards_auth) */
const OUTSIDE_FIRST: Readonly<Record<string, readonly string[]>> = {
  domain_id: ['domain_id'],
  domain_name: ['domain_name'],
  user_domain_id: ['user_domain_id'],
  user_domain_name: ['user_domain_name'],
  project_domain_id: ['project_domain_id'],
  project_domain_name: ['project_domain_name'],
  token: ['token', 'auth_token'],
  project_id: ['project_id', 'tenant_id'],
  project_name: ['project_name', 'tenant_name'],
};

/** What may stand in `auth` or beside it, as the variables of the environment do, in one. */
function authSection(settings: Section, where: string): Section {
  const inside = sectionAt(settings, 'auth', where);
  const { auth: _, ...outside } = settings;
  const fixed = Object.entries(OUTSIDE_FIRST).map(([key, names]): [string, unknown] => [
    key,
    names.map((name) => textAt(outside, name) ?? textAt(inside, name)).find((text) => text !== undefined),
  ]);
  const filled = Object.fromEntries(Object.entries(inside).filter(([, value]) => value !== '' && value !== null));
  return withDomain({ ...outside, ...filled, ...Object.fromEntries(fixed) });
}

/** One domain for the user and the project, where only one is given. (openstacksdk: loader.py _handle_domain_id) */
function withDomain(auth: Section): Section {
  const { domain_id: id, domain_name: name } = auth;
  if (textAt(auth, 'project_id', 'project_name') === undefined) return auth;
  const shared = { user_domain_id: id, project_domain_id: id, user_domain_name: name, project_domain_name: name };
  const filled = Object.entries(shared).map(([key, value]): [string, unknown] => [key, textAt(auth, key) ?? value]);
  return { ...auth, ...Object.fromEntries(filled), domain_id: undefined, domain_name: undefined };
}

/**
 * By id rather than by name, as Keystone looks at them. Without either the domain `default`, as the openstack command has
 * it; openstacksdk alone would leave it out, and Keystone refuse. (osc-lib: osc_lib/cli/client_config.py)
 */
function domainOf(auth: Section, of: 'user' | 'project'): DomainRef {
  const id = textAt(auth, `${of}_domain_id`);
  if (id !== undefined) return { id };
  const name = textAt(auth, `${of}_domain_name`);
  if (name !== undefined) return { name };
  const defaultName = textAt(auth, 'default_domain_name');
  const defaultId = textAt(auth, 'default_domain_id', 'default_domain');
  return defaultId === undefined && defaultName !== undefined ? { name: defaultName } : { id: defaultId ?? 'default' };
}

function userOf(auth: Section, need: (...keys: readonly string[]) => string): UserRef {
  const id = textAt(auth, 'user_id');
  return id === undefined ? { name: need('username', 'user_name'), domain: domainOf(auth, 'user') } : { id };
}

/** Secrets are given as functions: what is printed or serialised by accident then shows none. */
function signInOf(settings: Section, auth: Section, need: (...keys: readonly string[]) => string, where: string): Auth {
  const type = textAt(settings, 'auth_type', 'auth_plugin') ?? 'password';
  switch (type) {
    case 'password':
    case 'v3password': {
      const password = need('password');
      return { method: 'password', user: userOf(auth, need), password: () => password };
    }
    case 'token':
    case 'v3token': {
      const token = need('token');
      return { method: 'token', token: () => token };
    }
    case 'v3applicationcredential': {
      const secret = need('application_credential_secret');
      const id = textAt(auth, 'application_credential_id');
      const which = id === undefined ? { name: need('application_credential_name'), user: userOf(auth, need) } : { id };
      return { method: 'applicationCredential', ...which, secret: () => secret };
    }
    default:
      throw new CloudConfigError(
        `${where}: auth_type ${type} is not supported; use password, token or v3applicationcredential`,
      );
  }
}

function scopeOf(auth: Section, where: string): Scope {
  const trustId = textAt(auth, 'trust_id');
  if (trustId !== undefined) return { trustId };
  const projectId = textAt(auth, 'project_id');
  if (projectId !== undefined) return { projectId };
  const projectName = textAt(auth, 'project_name');
  if (projectName !== undefined) {
    const domain = domainOf(auth, 'project');
    return 'id' in domain
      ? { projectName, projectDomainId: domain.id }
      : { projectName, projectDomainName: domain.name };
  }
  const other = ['system_scope', 'domain_id', 'domain_name'].find((key) => textAt(auth, key) !== undefined);
  if (other === undefined) return 'default';
  throw new CloudConfigError(`${where}: ${other} gives no project, and databases lie in projects; set project_name`);
}

/** `public`, or the older `publicURL`. (openstacksdk: loader.py _fix_backwards_interface) */
function interfaceOf(settings: Section, where: string): Interface {
  const keys = ['database_interface', 'database_endpoint_type', 'interface', 'endpoint_type'];
  const text = textAt(settings, ...keys) ?? 'public';
  const face = text.replace(/URL$/, '');
  if (face === 'public' || face === 'internal' || face === 'admin') return face;
  throw new CloudConfigError(`${where}: interface must be public, internal or admin`);
}

/** `https://{region_name}.example`. (openstacksdk: loader.py magic_fixes) */
function filledIn(url: string, settings: Section): string {
  const all = mergeAuth(settings, {});
  return url.replace(/\{(\w+)\}/g, (whole, key: string) => textAt(all, key) ?? whole);
}
