import { CloudConfigError } from './error.ts';

/** A block of a configuration file, of which nothing is known yet. */
export type Section = Readonly<Record<string, unknown>>;

export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The block under `key`; nothing there is an empty one. */
export function sectionAt(section: Section, key: string, where: string): Section {
  const inner = section[key] ?? {};
  if (isSection(inner)) return inner;
  throw new CloudConfigError(`${where}: ${key} must be a block of keys`);
}

/** The text under the first of the keys that has one. An empty text is none. */
export function textAt(section: Section, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = section[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** As openstacksdk lays secure.yaml over clouds.yaml. (openstacksdk: openstack/config/_util.py merge_clouds) */
export function mergeDeep(under: Section, over: Section): Section {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isSection(value) && isSection(below) ? mergeDeep(below, value) : value;
  }
  return merged;
}

/** As openstacksdk lays a cloud over its profile: only `auth` is merged. (openstack/config/loader.py _auth_update) */
export function mergeAuth(under: Section, over: Section): Section {
  const auth = { ...(isSection(under['auth']) ? under['auth'] : {}), ...(isSection(over['auth']) ? over['auth'] : {}) };
  return { ...under, ...over, auth };
}

/** `user-domain-name` is `user_domain_name`. (openstack/config/_util.py normalize_keys) */
export function underscored(section: Section): Section {
  const plain = Object.entries(section).map(([key, value]): [string, unknown] => [
    key.replaceAll('-', '_'),
    isSection(value) ? underscored(value) : value,
  ]);
  return Object.fromEntries(plain);
}
