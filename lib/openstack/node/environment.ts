import type { Environment } from './files.ts';
import type { Section } from './section.ts';

/** They only say where to look. (openstacksdk: openstack/config/loader.py _get_os_environ) */
const SELECTORS = new Set([
  'OS_CLOUD',
  'OS_REGION_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  'OS_CLOUD_NAME',
]);
const FOREIGN = /^OS_(TEST|STD|LOG)/;

/** `OS_AUTH_URL` is `auth_url`: the cloud that the environment describes, if it does. */
export function cloudOfEnvironment(env: Environment): Section | undefined {
  const names = Object.keys(env).filter((name) => name.startsWith('OS_') && !FOREIGN.test(name));
  if (names.every((name) => SELECTORS.has(name))) return undefined;
  return Object.fromEntries(names.map((name) => [name.slice('OS_'.length).toLowerCase(), env[name]]));
}
