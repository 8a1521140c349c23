import type { Interface, Scope, UserRef } from '../../lib/openstack/index.ts';
import { CloudConfigError, readCloud } from '../../lib/openstack/node/index.ts';
import { Secret } from './secret.ts';

/** A user with a password, of clouds.yaml. */
export interface CloudUser {
  readonly authUrl: string;
  readonly user: UserRef;
  readonly password: Secret;
  readonly scope: Scope;
  readonly regionName: string | undefined;
  readonly interface: Interface;
  readonly databaseEndpointOverride: string | undefined;
}

/**
 * The user that a cloud names, or what is wrong with it. Nothing but a user with a password can enter the tenants' projects:
 * an application credential is bound to one project and takes no trust, and a token comes to its end.
 */
export function findUser(cloud: string, regionName: string | undefined): CloudUser | string {
  try {
    const { keystone, scope, file } = readCloud({ cloud, regionName });
    const { authUrl, auth, interface: face = 'public', databaseEndpointOverride } = keystone;
    if (auth.method !== 'password') {
      return `"${cloud}" signs in by ${METHODS[auth.method]}, which cannot enter the tenants' projects; use a user with a password`;
    }
    const password = typeof auth.password === 'string' ? auth.password : auth.password();
    const source = file === null ? ({ kind: 'environment' } as const) : ({ kind: 'file', path: file } as const);
    const secret = new Secret(password, source);
    const { user } = auth;
    return {
      authUrl,
      user,
      password: secret,
      scope,
      regionName: keystone.regionName,
      interface: face,
      databaseEndpointOverride,
    };
  } catch (error) {
    if (error instanceof CloudConfigError) return error.message;
    throw error;
  }
}

const METHODS = { token: 'a token', applicationCredential: 'an application credential' } as const;
