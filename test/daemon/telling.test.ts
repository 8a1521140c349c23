import { expect, test } from 'vitest';
import type { Change } from '../../daemon/ports/events.ts';
import { telling } from '../../daemon/wiring/telling.ts';

function told(say: (log: ReturnType<typeof telling>) => void): { changes: Change[]; logged: unknown[] } {
  const changes: Change[] = [];
  const logged: unknown[] = [];
  const write = (event: string, facts?: object): void => void logged.push([event, facts]);
  say(telling({ info: write, warn: write, error: write }, { tell: (change) => void changes.push(change) }));
  return { changes, logged };
}

test.each(['info', 'warn', 'error'] as const)('what is logged at %s is told as well, by its ids alone', (level) => {
  const facts = { run: 'r1', instance: 'db-1', project: 'p1', because: { rule: 'no-chain' } };
  const { changes, logged } = told((log) => log[level]('run.completed', facts));
  expect(logged).toEqual([['run.completed', facts]]);
  expect(changes).toEqual([{ kind: 'run', projectId: 'p1', instanceId: 'db-1' }]);
});

test('an event without a project tells of none, and one of the daemon’s own affairs tells nothing', () => {
  const { changes } = told((log) => {
    log.info('instance.recovered', { instance: 'db-1' });
    log.info('config.reloaded', { changed: ['policies'] });
    log.info('bus.bound');
    log.error('http.failed', { project: 'p1' });
  });
  expect(changes).toEqual([
    { kind: 'instance', projectId: null, instanceId: 'db-1' },
    { kind: 'policy', projectId: null, instanceId: null },
  ]);
});
