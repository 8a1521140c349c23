import { because } from '../lib/core/index.ts';
import { createKeystone, createProjects, createTrove } from '../lib/openstack/index.ts';
import { systemClock } from './clock.ts';
import { createCloud } from './cloud/index.ts';
import type { Config } from './config/schema.ts';
import { createReconcile, type Reconcile } from './engine/reconcile.ts';
import { createSchedule } from './engine/schedule.ts';
import type { EngineSettings } from './engine/settings.ts';
import { createSubmit } from './engine/submit.ts';
import { createTrack } from './engine/track.ts';
import { createWatch } from './engine/watch.ts';
import { startOps } from './http/ops.ts';
import { loadIdentity } from './identity.ts';
import { createConsumer } from './intake/consumer.ts';
import { createLog } from './observe/log.ts';
import { createMetrics, type Metrics } from './observe/metrics.ts';
import type { BusPort } from './ports/bus.ts';
import { type Clock, sleep } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { type Store, sqliteStore } from './store/index.ts';
import { createTasks } from './tasks.ts';

const READ_DEADLINE_MS = 60_000;
/** Requests under way get this long to be answered when the daemon stops; the rest is the drain's. */
const DRAIN_MS = 7_000;
const LEAVE_MS = 1_500;

export interface AppOptions {
  readonly config: Config;
  readonly clock?: Clock;
  /** The broker's own time, where that is another: heartbeats and reconnects do not run faster with the days. */
  readonly busClock?: Clock;
  readonly log?: Log;
  readonly fetch?: typeof fetch;
}

export interface App {
  readonly opsAddress: string;
  /** Rejects when a part could not be kept running; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** Stops taking work, lets what is under way end, closes all. */
  stop(): Promise<void>;
}

/** Builds everything and starts it. Long, because it is the wiring; whatever fails here undoes what was begun. */
export async function startApp({ config, clock = systemClock, log: inner, fetch, ...rest }: AppOptions): Promise<App> {
  const metrics = createMetrics(inner ?? createLog(), () => clock.nowUtc());
  const { log } = metrics;
  const identity = loadIdentity(config.store.key_file, config.store.path);
  const store = sqliteStore({ path: config.store.path, owner: identity.owner, nowUtc: clock.nowUtc() });
  const stopping = new AbortController();
  const hard = new AbortController();
  try {
    const recoverIntents = async (): Promise<void> => {
      const restarted = because('restarted', {});
      for (const { id, instanceId, projectId, slotUtc } of await store.ledger.recoverIntents(restarted)) {
        const slot = new Date(slotUtc).toISOString();
        log.warn('run.unknown', { run: id, instance: instanceId, project: projectId, slot, because: restarted });
      }
    };
    await recoverIntents();

    const { keystone: auth } = config;
    const identityOptions = {
      authUrl: auth.auth_url,
      username: auth.username,
      password: auth.password.reveal(),
      userDomainName: auth.user_domain_name,
      regionName: auth.region_name,
      interface: auth.interface,
      databaseEndpointOverride: auth.database_endpoint_override,
      fetch,
      onAnswer: metrics.answered,
    };
    const keystone = createKeystone(identityOptions);
    const projects = createProjects(keystone, identityOptions);
    const home = { projectName: auth.project_name, projectDomainName: auth.project_domain_name };
    const trove = createTrove(keystone, { fetch, onAnswer: metrics.answered });
    const cloud = createCloud({ projects, trove, home, readDeadlineMs: READ_DEADLINE_MS });
    const now = engineSettings(config);
    const settings = (): EngineSettings => now;
    const shared = {
      settings,
      cloud,
      ledger: store.ledger,
      clock,
      log,
      identity,
      storeBornUtc: store.inventory.storeBornUtc,
    };

    const track = createTrack({ ...shared, onEnded: () => schedule.poke() });
    const submit = createSubmit({ ...shared, onSubmitted: () => track.poke() });
    const schedule = createSchedule({
      schedule: store.schedule,
      clock,
      log,
      settings,
      submit,
      recoverIntents,
      hard: hard.signal,
    });
    const reconcile = createReconcile({
      cloud,
      inventory: store.inventory,
      notes: store.notes,
      clock,
      log,
      settings,
      onSchedules: () => schedule.poke(),
    });
    const watch = createWatch({ readModel: store.readModel, clock, log, onFigures: metrics.figures });
    const bus = config.bus && busOf(config.bus, { store, clock: rest.busClock ?? clock, log, metrics, reconcile });

    const tasks = createTasks(clock, log, stopping.signal);
    const live = { tasks: () => tasks.check() };
    const ready = {
      ...live,
      cloud: () => reconcile.check(),
      ...(bus && {
        bus: () => ({ ok: bus.state().consuming && bus.state().bound, detail: bus.state().lastError ?? 'bound' }),
      }),
    };
    const ops = await startOps({ ...config.http.ops_listen, registry: metrics.registry, live, ready });
    tasks.run('reconcile', reconcile.fullLoop);
    tasks.run('notes', reconcile.notesLoop);
    tasks.run('schedule', schedule.loop);
    tasks.run('track', track.loop);
    tasks.run('watch', watch);
    if (bus) tasks.run('bus', bus.loop);
    else log.warn('bus.off', { hint: 'new instances are found by the periodic look alone' });
    log.info('daemon.started', { mode: config.mode, owner: identity.owner, ops: ops.address });

    const stop = async (): Promise<void> => {
      log.info('daemon.stopping');
      stopping.abort();
      const drained = tasks.settled().then(() => schedule.idle());
      const drain = setTimeout(() => hard.abort(), DRAIN_MS);
      const patience = new AbortController();
      // Whatever still hangs after that is left behind: its intent is on disk.
      const leave = sleep(systemClock, DRAIN_MS + LEAVE_MS, patience.signal).catch(() => undefined);
      await Promise.race([drained, leave]);
      clearTimeout(drain);
      patience.abort();
      await ops.close();
      store.close();
      log.info('daemon.stopped');
    };
    return { opsAddress: ops.address, ended: tasks.ended, stop };
  } catch (error) {
    store.close();
    throw error;
  }
}

function engineSettings({ mode, policies, exclude, enrol_over, limits, quota, reconcile }: Config): EngineSettings {
  return {
    observe: mode === 'observe',
    policies,
    exclude,
    enrolOverMs: enrol_over,
    caps: { concurrent: limits.concurrent, perProject: limits.concurrent_per_project },
    reserve: quota.reserve,
    reconcileMs: reconcile.every,
    vanishShare: reconcile.vanish,
  };
}

interface BusParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly reconcile: Reconcile;
}

function busOf(config: NonNullable<Config['bus']>, { store, clock, log, metrics, reconcile }: BusParts): BusPort {
  const { queue, exchange, topic, declare } = config;
  return createConsumer({
    url: config.url.reveal(),
    binding: { queue, exchange, topic, declare },
    notes: store.notes,
    clock,
    log,
    random: Math.random,
    onNotes: reconcile.pokeNotes,
    onBound: reconcile.pokeFull,
    onMessage: metrics.message,
    onState: ({ consuming, bound }) => metrics.bus(consuming, bound),
  });
}
