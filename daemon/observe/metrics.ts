import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ProtectionState, RuleName, RunState } from '../../lib/core/index.ts';
import type { Log } from '../ports/log.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly log: Log;
  figures(figures: Figures): void;
  missing(count: number): void;
  oddRows(count: number): void;
  quotaShort(projects: number): void;
  answered(answer: { service: string; method: string; status: number; durationMs: number }): void;
  messages(result: 'noted' | 'ignored' | 'dead', count: number): void;
  bus(connected: boolean, bound: boolean): void;
  clock(state: ClockState): void;
}

interface ClockState {
  readonly doubt: object | null;
  readonly aheadMs: number | null;
}

interface Figures {
  readonly states: Readonly<Record<ProtectionState, number>>;
  readonly unprotectedBy: ReadonlyMap<RuleName, number>;
  readonly schedules: number;
  readonly notes: number;
  readonly stuck: number;
  readonly overdue: number;
  readonly openRuns: ReadonlyMap<RunState, number>;
  readonly oldestDueUtc: number | null;
}

const PREFIX = 'trove_autobackup_';
const OPEN: readonly RunState[] = ['claimed', 'intent', 'unknown', 'running'];

/** Prometheus metrics. Events are counted where they are logged, so the two cannot tell different stories. */
export function createMetrics(inner: Log, nowUtc: () => number, linesLost: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers });
  const events = new Counter({
    name: `${PREFIX}events_total`,
    help: 'Logged events',
    labelNames: ['event'],
    registers,
  });
  new Counter({
    name: `${PREFIX}log_lines_lost_total`,
    help: 'Lines of the log that could not be written, since nobody read them; their events are counted all the same',
    registers,
    collect() {
      this.reset();
      this.inc(linesLost());
    },
  });
  const messages = new Counter({
    name: `${PREFIX}messages_total`,
    help: 'Bus messages: noted, of no use (ignored), or put with the dead letters; all durable',
    labelNames: ['result'],
    registers,
  });
  const calls = new Histogram({
    name: `${PREFIX}api_seconds`,
    help: 'Answers of Keystone and Trove',
    labelNames: ['service', 'method', 'status'],
    buckets: [0.05, 0.25, 1, 5, 30],
    registers,
  });
  const instances = gauge('instances', 'Instances that exist, by how well they are protected', ['state']);
  const schedules = gauge('schedules', 'Active schedules');
  const unprotected = gauge(
    'instances_unprotected',
    'Scheduled instances without any recovery point of ours, by the rule that says why',
    ['reason'],
  );
  const notes = gauge('notes', 'Instances waiting to be looked at');
  const stuck = gauge('backups_stuck', 'Backups that run for far too long, whoever made them');
  const missing = gauge('instances_missing', 'Instances that lists lack and that are not believed gone');
  const odd = gauge('odd_rows', 'Instances and backups that lists show and that cannot be read');
  const short = gauge('projects_quota_short', 'Projects whose quota does not hold what their policies make');
  const overdue = gauge('instances_overdue', 'Scheduled instances whose newest recovery point is missing or too old');
  const runs = gauge('runs_open', 'Runs that have not ended', ['state']);
  const lag = gauge('slot_lag_seconds', 'Age of the oldest slot that is due and not claimed');
  const connected = gauge('bus_connected', '1 while messages are consumed');
  const doubtful = gauge(
    'clock_doubtful',
    '1 while the wall clock is not gone by: no slot is claimed, nothing is deleted',
  );
  const ahead = gauge('clock_ahead_seconds', "By how much the wall clock was ahead of the cloud's at its last answer");
  const bound = gauge('bus_bound', '1 while the queue is bound to the exchange');

  const counting =
    (level: keyof Log) =>
    (event: string, facts?: Readonly<Record<string, unknown>>): void => {
      events.inc({ event });
      inner[level](event, facts);
    };
  return {
    registry,
    log: { info: counting('info'), warn: counting('warn'), error: counting('error') },
    figures(now) {
      for (const [state, count] of Object.entries(now.states)) instances.set({ state }, count);
      schedules.set(now.schedules);
      unprotected.reset();
      for (const [reason, count] of now.unprotectedBy) unprotected.set({ reason }, count);
      notes.set(now.notes);
      stuck.set(now.stuck);
      overdue.set(now.overdue);
      for (const state of OPEN) runs.set({ state }, now.openRuns.get(state) ?? 0);
      lag.set(now.oldestDueUtc === null ? 0 : (nowUtc() - now.oldestDueUtc) / 1000);
    },
    missing: (count) => missing.set(count),
    oddRows: (count) => odd.set(count),
    quotaShort: (projects) => short.set(projects),
    answered: ({ service, method, status, durationMs }) =>
      calls.observe({ service, method, status: String(status) }, durationMs / 1000),
    messages: (result, count) => messages.inc({ result }, count),
    clock({ doubt, aheadMs }) {
      doubtful.set(Number(doubt !== null));
      if (aheadMs !== null) ahead.set(aheadMs / 1000);
    },
    bus(isConnected, isBound) {
      connected.set(Number(isConnected));
      bound.set(Number(isBound));
    },
  };
}
