import { expect, test } from 'vitest';
import { createMetrics, type Metrics } from '../../daemon/observe/metrics.ts';
import type { Log } from '../../daemon/ports/log.ts';
import type { RunState } from '../../lib/core/index.ts';

const NOW = Date.UTC(2026, 10, 22, 10);

function open(linesLost = () => 0): { metrics: Metrics; lines: readonly unknown[][] } {
  const lines: unknown[][] = [];
  const write =
    (level: string): Log['info'] =>
    (...said) =>
      void lines.push([level, ...said]);
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const metrics = createMetrics(log, () => NOW, linesLost);
  return { metrics, lines };
}
/** The lines of one metric, without its help. */
async function read({ registry }: Metrics, name: string): Promise<readonly string[]> {
  const text = await registry.getSingleMetricAsString(`trove_autobackup_${name}`);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('what is logged is counted by its event, at every level, and goes on to the log as it is', async () => {
  const { metrics, lines } = open();
  metrics.log.info('run.completed', { run: 'r-1' });
  metrics.log.warn('run.completed');
  metrics.log.error('task.failed', { task: 'track' });
  expect(await read(metrics, 'events_total')).toEqual([
    'trove_autobackup_events_total{event="run.completed"} 2',
    'trove_autobackup_events_total{event="task.failed"} 1',
  ]);
  expect(lines).toEqual([
    ['info', 'run.completed', { run: 'r-1' }],
    ['warn', 'run.completed', undefined],
    ['error', 'task.failed', { task: 'track' }],
  ]);
});

test('figures are as they were told last: a state that has no run any more goes back to 0', async () => {
  const { metrics } = open();
  const figures = (openRuns: ReadonlyMap<RunState, number>, oldestDueUtc: number | null) =>
    metrics.figures({
      states: { protected: 7, late: 1, unprotected: openRuns.size + 1, paused: 0, excluded: 2 },
      unprotectedBy: new Map([[oldestDueUtc === null ? 'no-role' : 'quota', 1]]),
      schedules: 10,
      stuck: 3,
      notes: 3,
      overdue: 2,
      openRuns,
      oldestDueUtc,
    });
  figures(new Map([['running', 4]]), NOW - 90_000);
  expect(await read(metrics, 'slot_lag_seconds')).toEqual(['trove_autobackup_slot_lag_seconds 90']);
  expect(await read(metrics, 'runs_open')).toContain('trove_autobackup_runs_open{state="running"} 4');
  figures(new Map([['unknown', 1]]), null);
  expect(await read(metrics, 'runs_open')).toEqual(
    ['claimed"} 0', 'intent"} 0', 'unknown"} 1', 'running"} 0'].map(
      (end) => `trove_autobackup_runs_open{state="${end}`,
    ),
  );
  expect(await read(metrics, 'slot_lag_seconds')).toEqual(['trove_autobackup_slot_lag_seconds 0']);
  expect(await read(metrics, 'instances')).toEqual(
    ['protected"} 7', 'late"} 1', 'unprotected"} 2', 'paused"} 0', 'excluded"} 2'].map(
      (end) => `trove_autobackup_instances{state="${end}`,
    ),
  );
  expect(await read(metrics, 'instances_unprotected')).toEqual([
    'trove_autobackup_instances_unprotected{reason="no-role"} 1',
  ]);
  expect(await read(metrics, 'instances_overdue')).toEqual(['trove_autobackup_instances_overdue 2']);
});

test('what is missing and what cannot be read are numbers of their own', async () => {
  const { metrics } = open();
  metrics.missing(6);
  metrics.oddRows(2);
  expect(await read(metrics, 'instances_missing')).toEqual(['trove_autobackup_instances_missing 6']);
  expect(await read(metrics, 'odd_rows')).toEqual(['trove_autobackup_odd_rows 2']);
});

test('the bus is one number for consuming and one for bound', async () => {
  const { metrics } = open();
  metrics.bus(true, false);
  expect(await read(metrics, 'bus_connected')).toEqual(['trove_autobackup_bus_connected 1']);
  expect(await read(metrics, 'bus_bound')).toEqual(['trove_autobackup_bus_bound 0']);
});

test('answers are timed in seconds, by service, method and status', async () => {
  const { metrics } = open();
  metrics.answered({ service: 'database', method: 'POST', status: 202, durationMs: 300 });
  const labels = 'service="database",method="POST",status="202"';
  const lines = await read(metrics, 'api_seconds');
  expect(lines).toContain(`trove_autobackup_api_seconds_bucket{le="0.25",${labels}} 0`);
  expect(lines).toContain(`trove_autobackup_api_seconds_bucket{le="1",${labels}} 1`);
  expect(lines).toContain(`trove_autobackup_api_seconds_sum{${labels}} 0.3`);
});

test('lines that could not be written are counted', async () => {
  let lost = 0;
  const { metrics } = open(() => lost);
  expect(await read(metrics, 'log_lines_lost_total')).toEqual(['trove_autobackup_log_lines_lost_total 0']);
  lost = 3;
  expect(await read(metrics, 'log_lines_lost_total')).toEqual(['trove_autobackup_log_lines_lost_total 3']);
});
