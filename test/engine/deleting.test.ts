import { expect, test } from 'vitest';
import { createProjectWork } from '../../daemon/engine/project-work.ts';
import { createTurns } from '../../daemon/engine/turns.ts';
import { CallerCloudError } from '../../daemon/ports/caller-cloud.ts';
import { FakeClock } from '../daemon/fake-clock.ts';

const DOOMED = { projectId: 'shop', backupIds: ['full', 'child'] };

/** What is done for a deletion, in its order. */
function work() {
  const done: string[] = [];
  const projectWork = createProjectWork({
    turns: createTurns(),
    clock: new FakeClock(),
    points: {
      suspect: async (ids) => done.push(`suspect ${ids}`) > 0,
    },
    departures: {
      depart: async (all) =>
        void done.push(`depart ${all.map(({ backupId, projectId }) => `${projectId}/${backupId}`)}`),
      stay: async (ids) => void done.push(`stay ${ids}`),
    },
    onSuspects: () => void done.push('look'),
    onGiven: () => undefined,
  });
  const deleting = (send: () => Promise<void>) =>
    projectWork.deleting(DOOMED, async () => {
      done.push('send');
      await send();
    });
  return { done, deleting };
}
const DEPARTED = ['depart shop/full,shop/child', 'send'];

test('that a backup and what stands on it go is written down before the request leaves, then it is looked at', async () => {
  const { done, deleting } = work();
  await deleting(async () => undefined);
  expect(done).toEqual([...DEPARTED, 'suspect full,child', 'look']);
});

test('what surely had no effect is taken back, and nobody looks', async () => {
  const { done, deleting } = work();
  await expect(deleting(() => Promise.reject(new CallerCloudError('busy', 'no')))).rejects.toThrow('busy: no');
  expect(done).toEqual([...DEPARTED, 'stay full,child']);
});

test.each([new CallerCloudError('unknown', 'cut'), new Error('a fault of ours')])(
  'what may have had an effect is not taken back: %s',
  async (error) => {
    const { done, deleting } = work();
    await expect(deleting(() => Promise.reject(error))).rejects.toThrow(error);
    expect(done).toEqual([...DEPARTED, 'suspect full,child', 'look']);
  },
);
