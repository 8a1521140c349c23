import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Secret } from '../../daemon/config/secret.ts';
import { createLog } from '../../daemon/observe/log.ts';
import { because } from '../../lib/core/index.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0, 250);

function said(act: (log: ReturnType<typeof createLog>) => void): readonly Record<string, unknown>[] {
  const sink = new PassThrough({ encoding: 'utf8' });
  act(createLog(sink, () => NOW));
  const written = String(sink.read() ?? '')
    .trimEnd()
    .split('\n');
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('each event is one line of JSON: level, time in UTC, event, then its facts as they are', () => {
  const reason = because('chain-length', { length: 6, max: 6 });
  const lines = said((log) => {
    log.info('run.submitted', { run: 'r-1', because: reason });
    log.warn('run.skipped');
    log.error('task.failed', { task: 'track' });
  });
  const time = '2026-11-22T10:00:00.250Z';
  expect(lines).toEqual([
    { level: 'info', time, event: 'run.submitted', run: 'r-1', because: reason },
    { level: 'warn', time, event: 'run.skipped' },
    { level: 'error', time, event: 'task.failed', task: 'track' },
  ]);
});

test('an error is told with its cause and nothing it carries, a secret with stars, a line break stays inside its line', () => {
  const [line] = said((log) => {
    const err = Object.assign(new Error('outer', { cause: new Error('inner') }), { request: 'hunter2' });
    log.error('task.failed', { err, password: new Secret('hunter2'), name: 'two\nlines' });
  });
  expect(JSON.stringify(line)).not.toContain('hunter2');
  expect(line).toMatchObject({ password: '***', name: 'two\nlines' });
  expect(line?.['err']).toMatchObject({ name: 'Error', message: 'outer', cause: { message: 'inner' } });
});
