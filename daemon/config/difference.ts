import type { Config } from './schema.ts';
import { Secret } from './secret.ts';

/** What a running daemon holds open: it changes with a restart alone. */
const HELD = ['store', 'bus', 'http.listen', 'http.ops_listen', 'http.trusted_proxies', 'http.connections'] as const;

export interface Difference {
  /** Keys such as `limits.concurrent` and `policies.daily`; never a value. */
  readonly changed: readonly string[];
  /** Of what is held open. */
  readonly held: readonly string[];
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Each key with what it says, as text to compare. */
function keysOf(value: unknown, path: string, into: Map<string, string>): Map<string, string> {
  const isBlock = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);
  if (!isBlock) return into.set(path, JSON.stringify(plain(value)) ?? '');
  for (const [key, inner] of Object.entries(value)) keysOf(inner, path === '' ? key : `${path}.${key}`, into);
  return into;
}

function flat({ policies, ...rest }: Config): Map<string, string> {
  const keys = keysOf(rest, '', new Map());
  keys.set('policies', policies.map(({ name }) => name).join());
  for (const policy of policies) keys.set(`policies.${policy.name}`, JSON.stringify(policy));
  return keys;
}

/** Which keys say another thing. */
export function difference(before: Config, after: Config): Difference {
  const [old, next] = [flat(before), flat(after)];
  const differing = [...new Set([...old.keys(), ...next.keys()])].filter((key) => old.get(key) !== next.get(key));
  const isHeld = (key: string): boolean => HELD.some((block) => key === block || key.startsWith(`${block}.`));
  return { changed: differing.filter((key) => !isHeld(key)), held: differing.filter(isHeld) };
}

/** The new configuration with all that is held open as it was. */
export function keepHeld(before: Config, after: Config): Config {
  const { store, bus } = before;
  const { listen, ops_listen, trusted_proxies, connections } = before.http;
  const http = Object.freeze({ ...after.http, listen, ops_listen, trusted_proxies, connections });
  return Object.freeze({ ...after, store, bus, http });
}
