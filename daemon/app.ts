import { systemClock } from './clock.ts';
import { witnessed } from './cloud/witness.ts';
import type { LoadedConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { createClockGuard } from './engine/clock-guard.ts';
import { createEngine } from './engine/index.ts';
import type { Operation } from './http/api/server.ts';
import { createHub } from './http/events/hub.ts';
import { startOps } from './http/ops.ts';
import { loadIdentity } from './identity.ts';
import { createLifecycle } from './lifecycle.ts';
import { report } from './observe/health.ts';
import { createLog } from './observe/log.ts';
import { createMetrics } from './observe/metrics.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { sqliteStore } from './store/index.ts';
import { createTasks } from './tasks.ts';
import { startApi } from './wiring/api.ts';
import { buildBus } from './wiring/bus.ts';
import { checkpoints } from './wiring/checkpoints.ts';
import { createLive, tellExposed } from './wiring/live.ts';
import { telling } from './wiring/telling.ts';
import { vigil } from './wiring/vigil.ts';

/** Requests under way get this long to be answered from when the daemon begins to stop; then they are aborted, and so unknown. */
const DRAIN_MS = 7_000;
/** For all stops together: less than the ten seconds in which the process is to be gone. */
const STOP_MS = 8_500;

export interface AppOptions {
  readonly config: Config;
  /** Files with a secret that any user of the machine may read. */
  readonly exposed?: readonly string[];
  readonly clock?: Clock;
  /** The time of brokers and people, where that is another: heartbeats and sessions do not run faster with the days. */
  readonly busClock?: Clock;
  readonly log?: Log;
  readonly fetch?: typeof fetch;
  /** Where the built page lies, if not where it is installed. */
  readonly pageFolder?: string;
}

export interface App {
  readonly log: Log;
  readonly opsAddress: string;
  /** Of the tenants' web service; null where there is none. */
  readonly apiAddress: string | null;
  /** Every route that it has. */
  readonly apiOperations: readonly Operation[];
  /** Rejects when a part could not be kept running; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** Uses what `load` gives from now on, as far as that can change while it runs; what it throws keeps the old. */
  reload(load: () => LoadedConfig): void;
  /** Stops taking work, lets what is under way end, closes all. */
  stop(): Promise<void>;
  /** Waits for no answer any more. */
  hurry(): void;
}

/** Builds everything and starts it. Long, because it is the wiring; whatever fails here undoes what was begun. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, clock = systemClock, busClock = clock, fetch } = options;
  const out = createLog();
  const metrics = createMetrics(options.log ?? out, () => clock.nowUtc(), out.lost);
  const events = createHub();
  const log = telling(metrics.log, events);
  const life = createLifecycle(systemClock, log, STOP_MS);
  try {
    const identity = loadIdentity(config.store.key_file, config.store.path);
    const store = sqliteStore({
      path: config.store.path,
      owner: identity.owner,
      nowUtc: clock.nowUtc(),
      readerThread: true,
      onUpgrade: (from, to) => log.info('store.upgrading', { from, to, hint: 'a large store takes a minute or more' }),
    });
    life.onStop('store', () => {
      const rescued = store.close();
      if (rescued !== null) log.warn('store.rescued', { path: rescued });
    });

    const guard = createClockGuard({ clock, log, onState: metrics.clock });
    const http = { fetch: witnessed(() => fetch ?? globalThis.fetch, clock, guard.heard), onAnswer: metrics.answered };
    const live = createLive({ config, http, clock, log, setLogLevel: out.setLevel });
    const hard = new AbortController();
    const engine = await createEngine({
      ...store,
      cloud: live.cloud,
      clock,
      guard,
      log,
      identity,
      settings: live.settings,
      hard: hard.signal,
      onFigures: metrics.figures,
      written: out.drained,
      onMissing: metrics.missing,
      onOddRows: metrics.oddRows,
      onShort: metrics.quotaShort,
    });
    const { reconcile } = engine;
    const bus =
      config.bus &&
      buildBus(config.bus, { notes: store.notes, points: store.points, clock: busClock, log, metrics, engine });

    const stopping = new AbortController();
    const tasks = createTasks(clock, log, stopping.signal);
    const alive = { tasks: () => tasks.check() };
    const ready = {
      ...alive,
      log: out.check,
      store: store.check,
      clock: guard.check,
      cloud: () => reconcile.check(),
      ...(bus && {
        bus: () => ({ ok: bus.state().consuming && bus.state().bound, detail: bus.state().lastError ?? 'bound' }),
      }),
    };
    const ops = await startOps({ ...config.http.ops_listen, registry: metrics.registry, live: alive, ready });
    life.onStop('ops', ops.close);

    let stopBeganMs = 0;
    life.onStop('tasks', async () => {
      stopping.abort();
      const drain = setTimeout(() => hard.abort(), Math.max(0, DRAIN_MS - (systemClock.monotonicMs() - stopBeganMs)));
      await tasks.settled();
      await engine.idle();
      clearTimeout(drain);
    });
    for (const [name, loop] of Object.entries(engine.loops)) tasks.run(name, loop);
    tasks.run('store', vigil(store, clock));
    tasks.run('checkpoints', checkpoints(store.upkeep, systemClock, log));
    if (bus) tasks.run('bus', bus.loop);
    else log.warn('bus.off', { hint: 'new instances are found by the periodic look alone' });
    // Stopped first: who asks for a change is answered while what carries it out still runs.
    const health = () => Object.entries(report(ready).parts).map(([part, check]) => ({ part, ...check }));
    const api = await startApi(config, {
      ...store,
      ...engine,
      pageFolder: options.pageFolder,
      live,
      health,
      events,
      clock,
      peopleClock: busClock,
      log,
    });
    if (api) {
      life.onStop('api', api.close);
      tasks.run('sessions', api.tidy);
    }
    tellExposed(log, options.exposed);
    const addresses = { ops: ops.address, ...(api && { api: api.address }) };
    log.info('daemon.started', { mode: config.mode, owner: identity.owner, ...addresses });

    const leave = async (): Promise<void> => {
      log.info('daemon.stopping');
      stopBeganMs = systemClock.monotonicMs();
      await life.stop();
      log.info('daemon.stopped');
    };
    let left: Promise<void> | null = null;
    return {
      log,
      opsAddress: ops.address,
      apiAddress: api?.address ?? null,
      apiOperations: api?.operations ?? [],
      ended: tasks.ended,
      reload(load) {
        if (left === null && live.reload(load)) engine.lookAnew();
      },
      stop() {
        left ??= leave();
        return left;
      },
      hurry: () => hard.abort(),
    };
  } catch (error) {
    await life.stop();
    throw error;
  }
}
