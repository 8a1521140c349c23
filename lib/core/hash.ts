/**
 * A stable hash for spreading load: the same text gives the same point on every machine and in every release.
 * FNV-1a over UTF-16 units in two lanes, each finished by murmur3's mixer (both public domain); not for secrets.
 */
function lane(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Of each purpose the last: the slots of one instance, asked for in a row, have one point. */
const last = new Map<string, { readonly text: string; readonly point: number }>();

/** A point in [0, 1) with 53 bits, so that the whole of a long range is reached. */
export function spread(text: string, purpose: string): number {
  const known = last.get(purpose);
  if (known?.text === text) return known.point;
  const key = `${purpose}:${text}`;
  const high = lane(key, 0x811c9dc5) >>> 5;
  const low = lane(key, 0x9747b28c) >>> 6;
  const point = (high * 2 ** 26 + low) / 2 ** 53;
  last.set(purpose, { text, point });
  return point;
}
