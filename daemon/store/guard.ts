import { ExitError } from '../exit.ts';
import type { Presence } from './presence.ts';

/** SQLite could not read or write its file: its message says what is to be seen to, and where. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** By the beginning of SQLite's code. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'no space is left there; make room, and what was to be done is tried again'],
  ['SQLITE_IOERR', 'the disk or its quota failed; look into the kernel log and at the limits of the file system'],
  ['SQLITE_READONLY', 'the file or its file system is read-only; make it writable for the daemon'],
  ['SQLITE_CANTOPEN', 'a file beside it cannot be opened; see that the daemon may write in its folder'],
  ['SQLITE_CORRUPT', 'it is damaged; put it away, and start with the key alone or with a copy of the same day'],
  ['SQLITE_NOTADB', 'something else was written over it; put it away, and start with the key alone'],
];

/** What an error of the store is to the operator; others stay as they are. */
export function plain(error: unknown, path: string): unknown {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const advice = ADVICE.find(([beginning]) => code.startsWith(beginning))?.[1];
  if (advice === undefined || error instanceof ExitError) return error;
  return new StoreUnusable(`the store ${path} cannot be used (${code}): ${advice}`, { cause: error });
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * A port whose errors say what to do. Where one of `sure` is called the file is looked for first: what it makes durable
 * is followed by a request that must never be forgotten.
 */
export function guarded<P extends object>(
  port: P,
  path: string,
  presence: Presence,
  sure: readonly (keyof P)[] = [],
): P {
  const guard =
    (method: Method, isSure: boolean): Method =>
    async (...args) => {
      try {
        if (isSure) presence.assert();
        return await method(...args);
      } catch (error) {
        presence.assert();
        throw plain(error, path);
      }
    };
  // By what they are and not by what they give: a value that is read anew each time stays so.
  const parts = Object.entries(Object.getOwnPropertyDescriptors(port)).map(([name, part]) => [
    name,
    typeof part.value === 'function' ? { ...part, value: guard(part.value, sure.includes(name as keyof P)) } : part,
  ]);
  return Object.defineProperties({}, Object.fromEntries(parts)) as P;
}
