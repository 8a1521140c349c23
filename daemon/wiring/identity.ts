import { createKeystone, createProjects, createSubjects, type KeystoneOptions } from '../../lib/openstack/index.ts';
import type { KeystoneConfig } from '../config/keystone.ts';
import type { IdentityPort } from '../http/auth/identity.ts';
import type { ProjectsPort } from '../http/project-names.ts';
import type { CloudParts } from './cloud.ts';

/** For one token, retries and the service's own sign-in included: well within the time of a request. */
const DEADLINE_MS = 6_000;

export const keystoneOptions = (auth: KeystoneConfig): KeystoneOptions => ({
  authUrl: auth.auth_url,
  auth: { method: 'password', user: auth.user, password: () => auth.password.reveal() },
  regionName: auth.region_name,
  interface: auth.interface,
  databaseEndpointOverride: auth.database_endpoint_override,
});

/** Keystone as the web service asks it whose a token is, with the service's own token. */
export function buildIdentity(auth: KeystoneConfig, http: Pick<CloudParts, 'fetch' | 'onAnswer'>): IdentityPort {
  const options = { ...keystoneOptions(auth), ...http };
  const keystone = createKeystone(options);
  const subjects = createSubjects(keystone, { ...options, goesByAccessRules: true });
  return {
    async look(token) {
      const call = { deadlineMs: DEADLINE_MS };
      const found = await subjects.show(token, auth.home, call);
      if (found === null) return null;
      const own = await keystone.token({ scope: auth.home, ...call });
      return { token: found, home: own.projectDomain ?? null };
    },
  };
}

/** Keystone as the web service asks it what projects are called, as the service itself. */
export function buildProjects(auth: KeystoneConfig, http: Pick<CloudParts, 'fetch' | 'onAnswer'>): ProjectsPort {
  const options = { ...keystoneOptions(auth), ...http };
  const projects = createProjects(createKeystone(options), options);
  return { all: () => projects.all(auth.home, { deadlineMs: DEADLINE_MS }) };
}
