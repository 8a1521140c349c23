/** Ids of every form the region hands out, all from one seed: the same calls in the same order give the same ids. */
export interface Ids {
  /** `0f53574a-ca88-46ce-afe2-95f89b369ad5`: instances, backups, servers, volumes, messages. */
  uuid(): string;
  /** 32 hex digits: projects, users, roles, catalogue entries. */
  hex(): string;
  /** As `req-acd74aa5-6997-4f06-a280-364b241e8648`. */
  request(): string;
  /** An opaque token in Fernet's alphabet. */
  token(): string;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function seededIds(seed: number): Ids {
  const random = mulberry32(seed);
  const digits = (count: number, alphabet: string) => {
    let made = ''; // a region of 100,000 instances wants millions of digits
    for (let at = 0; at < count; at++) made += alphabet.charAt(Math.floor(random() * alphabet.length));
    return made;
  };
  const hex = (count: number) => digits(count, '0123456789abcdef');
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-${digits(1, '89ab')}${hex(3)}-${hex(12)}`;
  return { uuid, hex: () => hex(32), request: () => `req-${uuid()}`, token: () => `gAAAAAB${digits(177, BASE64)}` };
}

/** Tommy Ettinger's 32-bit generator: small, fast, good enough for ids, and the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
