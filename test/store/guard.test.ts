import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ExitError } from '../../daemon/exit.ts';
import { plain, StoreUnusable } from '../../daemon/store/guard.ts';
import { because } from '../../lib/core/index.ts';
import { claimOne, FULL, NOW, openWorld, WIDE } from './world.ts';

const coded = (code: string): Error => Object.assign(new Error('of SQLite'), { code });

test.each([
  ['SQLITE_FULL', /^the store \/var\/x cannot be used \(SQLITE_FULL\): no space is left there; make room/],
  ['SQLITE_IOERR_WRITE', /\(SQLITE_IOERR_WRITE\): the disk or its quota failed; look into the kernel log/],
  ['SQLITE_IOERR_FSYNC', /the disk or its quota failed/],
  ['SQLITE_READONLY_DIRECTORY', /the file or its file system is read-only; make it writable/],
  ['SQLITE_CANTOPEN', /may write in its folder$/],
  ['SQLITE_CORRUPT', /it is damaged; put it away/],
  ['SQLITE_NOTADB', /something else was written over it/],
])('%s is a sentence that names the store and says what to do', (code, says) => {
  const error = plain(coded(code), '/var/x') as StoreUnusable;
  expect(error).toBeInstanceOf(StoreUnusable);
  expect(error.message).toMatch(says);
  expect(error.cause).toMatchObject({ code });
});

test.each([coded('SQLITE_CONSTRAINT'), new Error('a fault of ours'), new ExitError('busy', 'x'), null, undefined])(
  'other errors stay as they are: %s',
  (error) => {
    expect(plain(error, '/var/x')).toBe(error);
  },
);

const DELETION = {
  backupId: 'b',
  instanceId: 'db-1',
  projectId: 'project-a',
  because: because('surplus-failed', { kept: 'c' }),
  intentUtc: NOW,
};

test('no intent is written into a file that is not at its path any more, nor is the store called well', async () => {
  const world = openWorld();
  const runId = await claimOne(world);
  expect(world.check()).toMatchObject({ ok: true });
  rmSync(world.path);
  const deleted = { code: 70, message: expect.stringContaining('was deleted under the running daemon') };
  await expect(world.ledger.recordIntent(runId, FULL, NOW, WIDE)).rejects.toMatchObject(deleted);
  await expect(world.pruning.intend(DELETION)).rejects.toMatchObject(deleted);
  expect(world.check()).toEqual({ ok: false, detail: deleted.message });
  expect(() => world.assertThere()).toThrow(ExitError);
  // What came of requests that were under way is still taken, since all of it is written out again.
  await world.ledger.end(runId, { state: 'skipped', because: because('instance-gone', {}) }, NOW);
  expect(world.close()).toBe(world.path);
  const again = openWorld({ path: world.path });
  expect(again.runs()).toMatchObject([{ run_id: runId, state: 'skipped' }]);
});

test('one that was moved and came back is the same', async () => {
  const world = openWorld();
  renameSync(world.path, `${world.path}.moved`);
  expect(() => world.assertThere()).toThrow('was deleted');
  renameSync(`${world.path}.moved`, world.path);
  world.assertThere();
  expect(world.close()).toBeNull();
});

test('another file in its place is left alone, and what ours held lies beside it', async () => {
  const world = openWorld();
  const runId = await claimOne(world);
  writeFileSync(`${world.path}.new`, 'an old copy');
  renameSync(`${world.path}.new`, world.path);
  expect(() => world.assertThere()).toThrow(expect.objectContaining({ code: 78 }));
  expect(world.close()).toBe(`${world.path}.lost`);
  expect(openWorld({ path: `${world.path}.lost` }).runs()).toMatchObject([{ run_id: runId }]);
});
