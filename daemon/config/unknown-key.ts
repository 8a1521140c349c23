import { closestMatch } from 'leven';

/** Keys that the form will have, each by a key that stands beside it; named so that nobody looks for a typing error. */
const LATER: ReadonlyMap<string, string> = new Map([['tls', 'ops_listen']]);

const spelled = (key: string): string =>
  key
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();

/** What to do about a key that is not known here. */
export function unknownKey(key: string, known: readonly string[]): string {
  if (known.includes(LATER.get(key) ?? '')) return `unknown ${key} (not supported by this version yet); remove it`;
  // One that does not look like a key may be a value that lost its blank, such as `password:hunter2`: it is not shown.
  const shown = /^[a-z_]{1,30}$/.test(key);
  const near = closestMatch(spelled(key), known, { maxDistance: Math.max(1, Math.floor(key.length / 3)) });
  if (near !== undefined) return `unknown ${shown ? key : 'key'}; did you mean ${near}?`;
  if (!shown) return 'unknown key that is no name (a colon wants a blank behind it); remove it or correct its spelling';
  return `unknown ${key}; remove it: the keys here are ${known.join(', ')}`;
}
