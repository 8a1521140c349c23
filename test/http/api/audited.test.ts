import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { audited } from '../../../daemon/http/api/audited.ts';
import { ApiError } from '../../../daemon/http/api/error.ts';
import { CloudUnavailable } from '../../../daemon/ports/cloud.ts';
import { because, InvalidInput } from '../../../lib/core/index.ts';
import { NOW, openWorld, tempFolder } from '../../store/world.ts';
import { callerOf } from './lab.ts';

const ALL = { projectId: null, targetId: null, limit: 10, before: null };
const request = { id: 'req-1', caller: callerOf('member'), language: 'en' } as const;
const clock = { nowUtc: () => NOW };
const change = {
  action: 'schedule:change',
  targetId: 'db-1',
  before: { n: 1 },
  after: (n: number) => ({ n }),
} as const;

test('the line that says who asked is there before the work, that of its end after it', async () => {
  const { audit } = openWorld();
  const during = await audited({ audit, clock }, request, { ...change, after: () => ({ n: 2 }) }, () =>
    audit.entries(ALL),
  );
  const asked = { projectId: 'p1', userId: 'user-member', userName: 'member', requestId: 'req-1', atUtc: NOW };
  expect(during).toMatchObject([{ ...asked, action: 'schedule:change', before: { n: 1 }, ended: null }]);
  expect(await audit.entries(ALL)).toMatchObject([{ ...asked, ended: { outcome: 'done', after: { n: 2 } } }]);
});

test('a change in another project by an admin stands with that project', async () => {
  const { audit } = openWorld();
  await audited({ audit, clock }, request, { ...change, projectId: 'p2' }, async () => 2);
  expect(await audit.entries({ ...ALL, projectId: 'p2' })).toHaveLength(1);
});

const FAULT = { error: 'a fault of the service; its log tells of it under req-1' };
test.each([
  { error: new ApiError(412, 'changed', 'it was changed'), outcome: 'refused', after: { error: 'it was changed' } },
  { error: new InvalidInput('keep: no'), outcome: 'refused', after: { error: 'keep: no' } },
  { error: new ApiError(502, 'trove', 'it fell'), outcome: 'failed', after: { error: 'it fell' } },
  {
    error: new CloudUnavailable('no', because('no-role', { project: 'p1' })),
    outcome: 'failed',
    after: { because: { rule: 'no-role', params: { project: 'p1' } } },
  },
  { error: new TypeError('secret internals'), outcome: 'failed', after: FAULT },
])('work that throws $error ends as $outcome, and what was thrown goes on', async ({ error, outcome, after }) => {
  const { audit } = openWorld();
  const work = audited({ audit, clock }, request, change, () => Promise.reject(error));
  await expect(work).rejects.toBe(error);
  expect(await audit.entries(ALL)).toMatchObject([{ ended: { outcome, after } }]);
});

test('no work is done where the first line cannot be written', async () => {
  let done = false;
  const audit = { begin: () => Promise.reject(new Error('disk')), end: () => Promise.resolve() };
  const work = async () => {
    done = true;
    return 1;
  };
  await expect(audited({ audit, clock }, request, change, work)).rejects.toThrow('disk');
  expect(done).toBe(false);
});

test('work that was done is never called failed, also where its last line cannot be written', async () => {
  const ends: string[] = [];
  const audit = {
    begin: async () => '1',
    end: (_id: string, outcome: string) => {
      ends.push(outcome);
      return Promise.reject(new Error('disk'));
    },
  };
  await expect(audited({ audit, clock }, request, change, async () => 1)).rejects.toThrow('disk');
  expect(ends).toEqual(['done']);
});

test('a process that dies at its work leaves the line that says who asked, without an end', async () => {
  const path = join(tempFolder(), 'autobackup.sqlite');
  const file = new URL('killed-change.ts', import.meta.url).pathname;
  expect(spawnSync(process.execPath, ['--no-warnings', file, path]).signal).toBe('SIGKILL');
  const { audit } = openWorld({ path });
  expect(await audit.entries(ALL)).toMatchObject([{ targetId: 'db-1', userName: 'member', ended: null }]);
});
