import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type MarkerFacts, macText } from '../lib/core/index.ts';
import { ExitError, usablePath } from './exit.ts';

/** Who this service is: the owner in its markers, and the mac that proves them. The key itself never leaves here. */
export interface Identity {
  /** 8 hex digits, from the key's hash. */
  readonly owner: string;
  mac(facts: MarkerFacts): string;
  verify(facts: MarkerFacts, mac: string): boolean;
}

export function identityOf(key: Buffer): Identity {
  const secret = createSecretKey(key); // a Buffer would be made one at each of the many marks that every look verifies
  const mac = (facts: MarkerFacts): string =>
    createHmac('sha256', secret).update(macText(facts)).digest('hex').slice(0, 16);
  return {
    owner: createHash('sha256').update(key).digest('hex').slice(0, 8),
    mac,
    verify: (facts, said) => {
      const right = Buffer.from(mac(facts));
      const given = Buffer.from(said);
      return right.length === given.length && timingSafeEqual(right, given);
    },
  };
}

function makeKey(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, `${randomBytes(32).toString('hex')}\n`);
  fsyncSync(file);
  closeSync(file);
}

/**
 * Reads the key, or makes one where there is neither key nor store yet.
 * @throws ExitError 78 when the key is gone but the store is not, is no key, or others may read it.
 */
export function loadIdentity(keyFile: string, storePath: string): Identity {
  return usablePath('store.key_file', keyFile, () => loadUsable(keyFile, storePath));
}

function loadUsable(keyFile: string, storePath: string): Identity {
  if (!existsSync(keyFile)) {
    if (existsSync(storePath)) {
      const text = `the key ${keyFile} is missing, and without it this service cannot know its own backups`;
      throw new ExitError('config', `${text}; restore it from a copy, or move the store ${storePath} away as well`);
    }
    makeKey(keyFile);
  }
  if ((statSync(keyFile).mode & 0o077) !== 0) {
    throw new ExitError('config', `others may read the key ${keyFile}; run: chmod 600 ${keyFile}`);
  }
  const text = readFileSync(keyFile, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new ExitError('config', `${keyFile} does not hold 64 hex digits; restore it from a copy`);
  }
  return identityOf(Buffer.from(text, 'hex'));
}
