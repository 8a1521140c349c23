import { systemClock } from '../../daemon/clock.ts';
import { createOddRows } from '../../daemon/engine/odd-rows.ts';
import { createSchedule } from '../../daemon/engine/schedule.ts';
import type { EngineSettings } from '../../daemon/engine/settings.ts';
import { createSubmit } from '../../daemon/engine/submit.ts';
import { createTurns } from '../../daemon/engine/turns.ts';
import { identityOf } from '../../daemon/identity.ts';
import { type CloudPort, CloudUnavailable } from '../../daemon/ports/cloud.ts';
import type { Caps } from '../../daemon/ports/schedule.ts';
import type { Store } from '../../daemon/store/index.ts';
import { because } from '../../lib/core/index.ts';
import { ANY, DAY, HOUR, instance, SECOND } from '../core/builders.ts';
import { openAsDaemon } from './daemon-store.ts';
import { DAILY, fill } from './fill.ts';
import { Places } from './places.ts';
import { figure, percentile, report } from './report.ts';
import { within } from './within.ts';

/**
 * From a slot's instant to its intent durable, by the daemon's own loops on the real clock; only the cloud is a stand-in,
 * that answers after some milliseconds. Then 20,000 due at once under caps.
 */
const ANSWER_MS = 5;
const PROJECTS = 1_000;
/** What filling a store may take before its first slot, and the end of all that is under way. */
const FILL_MS = 20 * SECOND;
const STOP_MS = 15 * SECOND;
const WIDE: Caps = { concurrent: 100_000, perProject: 100_000 };

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nobody = async (): Promise<never> => {
  throw new CloudUnavailable('not asked for here', because('unreachable', { detail: 'bench' }));
};

interface Watched {
  /** From due to durable, by run. */
  readonly delays: number[];
  readonly places: Places;
  /** Told when a backup ended, as the daemon's tracking tells. */
  onEnded: () => void;
  done: number;
}

function cloudOf(store: Store, watched: Watched, backupMs: number): CloudPort {
  let last = 0;
  const answer = async <T>(value: T): Promise<T> => after(ANSWER_MS).then(() => value);
  async function finish(backupId: string): Promise<void> {
    await after(backupMs);
    const run = (await store.ledger.openRuns()).find((open) => open.backupId === backupId);
    if (run === undefined) throw new Error(`no run has the backup ${backupId}`);
    await store.ledger.end(run.id, { state: 'completed', because: because('backup-completed', {}) }, Date.now());
    watched.places.leave(run.id);
    watched.done++;
    watched.onEnded();
  }
  return {
    async *region() {},
    instance: (projectId, id) => answer(instance({ id, projectId })),
    instanceAsAdmin: nobody,
    isProjectGone: nobody,
    projectId: async () => null,
    backups: () => answer([]),
    backup: nobody,
    backupsAsAdmin: nobody,
    backupAsAdmin: nobody,
    quota: () => answer({ inUse: 0, reserved: 0, limit: 1_000_000 }),
    regionBackups: nobody,
    projectInstances: nobody,
    deleteBackup: nobody,
    async createBackup(_request, _signal, commit) {
      if (commit && !(await commit()))
        return { kind: 'later', because: because('cap-reached', {}), retryAfterMs: null };
      await after(ANSWER_MS);
      const backupId = `backup-${++last}`;
      finishing.push(finish(backupId));
      return { kind: 'accepted', backupId };
    },
  };
}
const finishing: Promise<void>[] = [];

interface Running extends Watched {
  stop(): Promise<void>;
}

function start(path: string, caps: Caps, backupMs: number): Running {
  const { store, close } = openAsDaemon(path, Date.now());
  const places = new Places(caps.concurrent);
  const watched: Watched = { delays: [], places, onEnded: () => schedule.poke(), done: 0 };
  const slots = new Map<string, number>();
  const intended = new Set<string>();
  const ledger: Store['ledger'] = {
    ...store.ledger,
    async recordIntent(runId, intent, nowUtc, given) {
      const result = await store.ledger.recordIntent(runId, intent, nowUtc, given);
      if (result === 'intended') {
        watched.delays.push(Date.now() - (slots.get(runId) ?? 0));
        intended.add(runId);
      }
      return result;
    },
  };
  const settings: EngineSettings = {
    observe: false,
    policies: [DAILY],
    exclude: ANY,
    freezes: [],
    enrolOverMs: 0,
    caps,
    reserve: 1,
    onShortage: 'adapt',
    reconcileMs: HOUR,
    vanishShare: 1,
    confirmGone: [],
    stuckAfterMs: HOUR,
    graceMs: 86_400_000,
    quarantineMs: 86_400_000,
    pruneEveryMs: 0,
    lookedAt: [],
  };
  const shared = {
    cloud: cloudOf(store, watched, backupMs),
    ledger,
    clock: systemClock,
    log: silent,
    settings: () => settings,
  };
  const identity = identityOf(Buffer.alloc(32, 7));
  const submit = createSubmit({
    ...shared,
    identity,
    storeBornUtc: () => 0,
    pruning: store.pruning,
    decisions: store.decisions,
    stuck: store.stuck,
    outlook: { request: async () => undefined, limitSeen: async () => undefined },
    isFreeing: () => false,
    onSubmitted: () => undefined,
    onSchedules: () => undefined,
    oddRows: createOddRows({ clock: systemClock, log: silent, onOddRows: () => undefined }),
    onBackups: async () => undefined,
  });
  const schedule = createSchedule({
    ...shared,
    schedule: store.schedule,
    demands: store.demands,
    turns: createTurns(),
    guard: { doubt: () => null },
    submit: async (run, signal) => {
      slots.set(run.runId, run.slotUtc);
      places.enter(run.runId);
      await submit(run, signal);
      if (!intended.has(run.runId)) places.leave(run.runId);
    },
    recoverIntents: async () => undefined,
    hard: new AbortController().signal,
  });
  const stopping = new AbortController();
  const loop = schedule.loop(stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return Object.assign(watched, {
    async stop() {
      stopping.abort();
      await loop;
      await schedule.idle();
      await Promise.all(finishing);
      await close();
    },
  });
}

async function p99(): Promise<number> {
  const [dueNow, forMs] = [500, 20 * SECOND];
  const nowUtc = Date.now() + FILL_MS;
  const far = nowUtc + DAY / 2;
  const path = fill({
    nowUtc,
    schedules: 100_000,
    projects: PROJECTS,
    slotOf: (n) => (n < dueNow ? nowUtc + (n * forMs) / dueNow : far),
  });
  const earlyMs = nowUtc - Date.now() - SECOND;
  if (earlyMs < 0) throw new Error(`the store was filled ${-earlyMs} ms too late for the first slot`);
  await after(earlyMs);
  const engine = start(path, WIDE, 50);
  await after(forMs + 3 * SECOND);
  await within('the stop', STOP_MS, engine.stop());
  if (engine.delays.length !== dueNow) throw new Error(`${engine.delays.length} had their turn instead of ${dueNow}`);
  return percentile(engine.delays, 0.99);
}

interface Crowd {
  readonly turns: number;
  readonly none: number;
  readonly empty: number;
  readonly aSecond: number;
}

/** Backups that last so long that the cap binds and not the machine: some 185 a second, two minutes for all. */
const CROWD: Caps = { concurrent: 50, perProject: 4 };
const CROWD_BACKUP_MS = 250;

async function crowd(count: number, mostMs: number): Promise<Crowd> {
  const nowUtc = Date.now();
  const path = fill({ nowUtc, schedules: count, projects: PROJECTS, slotOf: () => nowUtc });
  const engine = start(path, CROWD, CROWD_BACKUP_MS);
  const startMs = performance.now();
  // Until the last few are under way: from then on nothing waits for a place.
  while (engine.delays.length < count - CROWD.concurrent && performance.now() - startMs < mostMs) await after(50);
  const { none, empty } = engine.places.shares();
  while (engine.done < count && performance.now() - startMs < mostMs) await after(50);
  const seconds = (performance.now() - startMs) / 1000;
  await within('the stop', STOP_MS, engine.stop());
  return { turns: engine.delays.length, none, empty, aSecond: engine.done / seconds };
}

const delay = await p99();
const { turns, none, empty, aSecond } = await crowd(20_000, 180 * SECOND);
report('latency', [
  figure('p99 from due to the intent durable, 100,000 schedules', delay, 250, 'ms'),
  { what: 'of 20,000 due at once had their turn', measured: String(turns), target: '20000', ok: turns === 20_000 },
  figure('of the time no place was taken while some waited', none * 100, 0, '%'),
  figure('of the places were empty meanwhile', empty * 100, 5, '%'),
  figure('backups begun and ended', aSecond, Number.POSITIVE_INFINITY, 'a second'),
]);
