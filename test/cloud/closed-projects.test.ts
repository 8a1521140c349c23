import { expect, test } from 'vitest';
import { sparing } from '../../daemon/cloud/closed-projects.ts';
import { type CloudPort, CloudUnavailable, type SubmitOutcome } from '../../daemon/ports/cloud.ts';
import { because, type Reason } from '../../lib/core/index.ts';
import { MINUTE } from '../core/builders.ts';

const signal = new AbortController().signal;
const noRole = because('no-role', { project: 'project-a' });
const quota = { inUse: 0, reserved: 0, limit: 50 };

/** A cloud that refuses every project with a reason, or lets all in; counts how often it was asked. */
function world() {
  const state = { refusal: noRole as Reason | null, nowMs: 0, asked: 0 };
  const quotaOf: CloudPort['quota'] = async () => {
    state.asked++;
    if (state.refusal) throw new CloudUnavailable('refused', state.refusal);
    return quota;
  };
  const createBackup: CloudPort['createBackup'] = async (): Promise<SubmitOutcome> => {
    state.asked++;
    if (state.refusal) return { kind: 'later', because: state.refusal, retryAfterMs: null };
    return { kind: 'accepted', backupId: 'backup-1' };
  };
  const deleteBackup: CloudPort['deleteBackup'] = async () => {
    state.asked++;
    return state.refusal ? { kind: 'refused', because: state.refusal, retryAfterMs: null } : { kind: 'accepted' };
  };
  const cloud = sparing({ quota: quotaOf, createBackup, deleteBackup } as CloudPort, () => state.nowMs);
  const request = { projectId: 'project-a', instanceId: 'db-1', parentId: null, name: 'n', description: 'd' };
  return {
    state,
    cloud,
    create: () => cloud.createBackup(request, signal),
    /** When a look at the quota says to come again; null if it succeeded. */
    look: async (projectId = 'project-a'): Promise<number | null> => {
      const error = await cloud.quota(projectId, signal).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error === null) return null;
      if (!(error instanceof CloudUnavailable)) throw error;
      expect(error.reason).toEqual(state.refusal ?? noRole);
      return error.retryAfterMs;
    },
  };
}

test('a project that does not let us in is left alone for ten minutes, then for longer, up to an hour', async () => {
  const { state, look } = world();
  for (const waitMs of [10, 20, 40, 60, 60].map((minutes) => minutes * MINUTE)) {
    const before = state.asked;
    expect(await look()).toBe(waitMs);
    state.nowMs += waitMs - 1000;
    expect(await look()).toBe(1000);
    expect(state.asked).toBe(before + 1);
    state.nowMs += 1000;
  }
});

test('several that are refused together count once', async () => {
  const { state, look } = world();
  expect(await Promise.all([look(), look(), look()])).toEqual(Array(3).fill(10 * MINUTE));
  expect(state.asked).toBe(3);
});

test('success ends it, and the next refusal begins anew', async () => {
  const { state, look } = world();
  await look();
  state.nowMs += 10 * MINUTE;
  state.refusal = null;
  expect(await look()).toBeNull();
  state.refusal = noRole;
  expect(await look()).toBe(10 * MINUTE);
});

test('other projects are asked as ever, and so is one that was refused for anything else', async () => {
  const { state, look } = world();
  await look();
  expect(await look('project-b')).toBe(10 * MINUTE);
  state.refusal = because('unreachable', { detail: 'ECONNREFUSED' });
  for (let n = 0; n < 3; n++) expect(await look('project-c')).toBeNull();
  expect(state.asked).toBe(5);
});

test('requests that change something are not sent there either, and are remembered as reads are', async () => {
  const { state, cloud, create } = world();
  const later = { kind: 'later', because: noRole, retryAfterMs: 10 * MINUTE };
  expect(await create()).toEqual(later);
  expect(await create()).toEqual(later);
  const refused = { kind: 'refused', because: noRole, retryAfterMs: 10 * MINUTE };
  expect(await cloud.deleteBackup('project-a', 'backup-1', signal)).toEqual(refused);
  expect(state.asked).toBe(1);
  state.nowMs += 10 * MINUTE;
  expect(await cloud.deleteBackup('project-a', 'backup-1', signal)).toEqual({ ...refused, retryAfterMs: 20 * MINUTE });
  state.refusal = because('busy', { detail: '422' });
  state.nowMs += 20 * MINUTE;
  expect(await create()).toEqual({ kind: 'later', because: state.refusal, retryAfterMs: null });
});
