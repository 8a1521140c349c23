import { createHash, createHmac } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { identityOf, loadIdentity } from '../../daemon/identity.ts';
import { type MarkerFacts, macText } from '../../lib/core/index.ts';

const KEY = Buffer.alloc(32, 7);
const FACTS: MarkerFacts = {
  owner: '0badcafe',
  runId: '44b277eb-39be-4921-be31-3d61b43651d7',
  slotUtc: Date.UTC(2026, 10, 22, 22),
  kind: 'full',
  instanceId: 'db-1',
  parentId: null,
};

describe('an identity', () => {
  const identity = identityOf(KEY);

  test('is told from others by the start of its key hash', () => {
    expect(identity.owner).toBe(createHash('sha256').update(KEY).digest('hex').slice(0, 8));
    expect(identityOf(Buffer.alloc(32, 8)).owner).not.toBe(identity.owner);
  });

  test('proves a marker by HMAC-SHA-256, 16 hex digits', () => {
    expect(identity.mac(FACTS)).toBe(createHmac('sha256', KEY).update(macText(FACTS)).digest('hex').slice(0, 16));
    expect(identity.verify(FACTS, identity.mac(FACTS))).toBe(true);
  });

  test.each([
    { says: 'of other facts', mac: identity.mac({ ...FACTS, instanceId: 'db-2' }) },
    { says: 'of another key', mac: identityOf(Buffer.alloc(32, 8)).mac(FACTS) },
    { says: 'that is empty', mac: '' },
    { says: 'that is cut', mac: identity.mac(FACTS).slice(0, 15) },
    { says: 'that goes on', mac: `${identity.mac(FACTS)}0` },
    { says: 'with signs of two bytes', mac: 'đ'.repeat(8) },
  ])('takes no mac $says', ({ mac }) => {
    expect(identity.verify(FACTS, mac)).toBe(false);
  });
});

describe('the key file', () => {
  let folder: string;
  let keyFile: string;
  let store: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trove-autobackup-key-'));
    keyFile = join(folder, 'etc', 'marker.key');
    store = join(folder, 'autobackup.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function refusal(): ExitError {
    try {
      loadIdentity(keyFile, store);
    } catch (error) {
      if (error instanceof ExitError) return error;
      throw error;
    }
    throw new Error('the key was taken');
  }

  test('is made where there is neither key nor store, for its owner alone', () => {
    loadIdentity(keyFile, store);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyFile, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  test('gives the same identity again, and another file gives another', () => {
    const { owner } = loadIdentity(keyFile, store);
    expect(loadIdentity(keyFile, store).owner).toBe(owner);
    expect(loadIdentity(join(folder, 'other.key'), store).owner).not.toBe(owner);
  });

  test('that is missing beside a store is not made anew', () => {
    writeFileSync(store, 'x');
    const { code, message } = refusal();
    expect(code).toBe(78);
    expect(message).toContain(`the key ${keyFile} is missing`);
    expect(message).toContain(`restore it from a copy, or move the store ${store} away`);
    expect(existsSync(keyFile)).toBe(false);
  });

  test.each([0o640, 0o604, 0o660, 0o620, 0o601])('that others may open is refused: mode %o', (mode) => {
    loadIdentity(keyFile, store);
    chmodSync(keyFile, mode);
    const { code, message } = refusal();
    expect(code).toBe(78);
    expect(message).toContain(`run: chmod 600 ${keyFile}`);
  });

  test.each([
    { says: 'is empty', text: '' },
    { says: 'is short', text: 'a'.repeat(63) },
    { says: 'is long', text: 'a'.repeat(65) },
    { says: 'holds other letters', text: 'g'.repeat(64) },
    { says: 'holds two keys', text: `${'a'.repeat(64)}\n${'b'.repeat(64)}\n` },
  ])('that $says is refused without showing it', ({ text }) => {
    loadIdentity(keyFile, store);
    writeFileSync(keyFile, text);
    const { code, message } = refusal();
    expect(code).toBe(78);
    expect(message).toBe(`${keyFile} does not hold 64 hex digits; restore it from a copy`);
  });

  test('with or without a line break at its end is the same key', () => {
    const { owner } = loadIdentity(keyFile, store);
    writeFileSync(keyFile, readFileSync(keyFile, 'utf8').trim());
    expect(loadIdentity(keyFile, store).owner).toBe(owner);
  });
});
