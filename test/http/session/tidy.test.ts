import { expect, test } from 'vitest';
import { tidySessions } from '../../../daemon/http/session/tidy.ts';
import { FakeClock } from '../../daemon/fake-clock.ts';

test('sessions are looked through every 15 s, and what is due is revoked, until the service stops', async () => {
  const clock = new FakeClock();
  const done: string[] = [];
  const sessions = { sweep: () => void done.push('sweep') };
  const stopping = new AbortController();
  const loop = tidySessions(sessions, { run: async () => void done.push('revoke') }, clock)(stopping.signal);
  const ended = expect(loop).rejects.toThrow('stop');
  await clock.pass(15_000);
  expect(done).toEqual(['sweep', 'revoke', 'sweep', 'revoke']);
  stopping.abort(new Error('stop'));
  await ended;
});
