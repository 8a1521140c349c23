import { type OpenOptions, openCloud } from '../../daemon/cloud/open.ts';
import { witnessed } from '../../daemon/cloud/witness.ts';
import { createClockGuard } from '../../daemon/engine/clock-guard.ts';
import { createEngine, type Engine } from '../../daemon/engine/index.ts';
import type { Reconcile } from '../../daemon/engine/reconcile.ts';
import type { EngineSettings } from '../../daemon/engine/settings.ts';
import type { Figures } from '../../daemon/engine/watch.ts';
import { type Identity, identityOf } from '../../daemon/identity.ts';
import type { Clock } from '../../daemon/ports/clock.ts';
import type { CloudPort } from '../../daemon/ports/cloud.ts';
import type { DecisionsPort } from '../../daemon/ports/decisions.ts';
import type { Explain } from '../../daemon/ports/explain.ts';
import type { Holds } from '../../daemon/ports/holds.ts';
import type { Inspect } from '../../daemon/ports/inspect.ts';
import type { Log } from '../../daemon/ports/log.ts';
import type { NotesPort } from '../../daemon/ports/notes.ts';
import type { OnDemand } from '../../daemon/ports/on-demand.ts';
import type { PointsPort } from '../../daemon/ports/points.ts';
import type { ProjectWork } from '../../daemon/ports/project-work.ts';
import type { RetentionPort } from '../../daemon/ports/retention.ts';
import type { StandstillPort } from '../../daemon/ports/standstills.ts';
import { type Store, sqliteStore } from '../../daemon/store/index.ts';

/** The configuration of a service, as far as the engine knows it. */
export interface Settings extends EngineSettings {
  /** Whether late instances are watched for: it looks four times a minute, and most tests have no eyes for it. */
  readonly watch: boolean;
}

export interface LifeOptions extends Partial<Pick<OpenOptions, 'tenantScope' | 'tenantApiShare'>> {
  /** Asked at each decision, as after a reload. */
  readonly settings: () => Settings;
  readonly path: string;
  readonly key: Buffer;
  readonly authUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Told after a call of the store was carried out, before its caller hears of it. */
  readonly onCall: (name: string, result: unknown) => void;
  readonly onFault: (error: unknown) => void;
}

/** One life of the engine, from a start to a kill: wired as the daemon does it, without sockets, bus and metrics. */
export interface Life {
  readonly identity: Identity;
  readonly notes: NotesPort;
  readonly points: PointsPort;
  readonly retention: RetentionPort;
  readonly holds: Holds;
  readonly standstills: StandstillPort;
  readonly decisions: DecisionsPort;
  readonly explain: Explain;
  readonly schedules: Engine['schedules'];
  readonly policies: Engine['policies'];
  pokeSuspects(): void;
  readonly reconcile: Reconcile;
  readonly onDemand: OnDemand;
  readonly inspect: Inspect;
  readonly projectWork: ProjectWork;
  readonly store: Store;
  readonly cloud: CloudPort;
  lookAnew(): void;
  readonly figures: () => Figures | null;
  /** Instances that lists lack and that are not believed gone. */
  readonly missing: () => number;
  /** Instances and backups that cannot be read. */
  readonly oddRows: () => number;
  /** Projects whose quota is too small. */
  readonly short: () => number;
  /** Nothing that was under way goes on, as after kill -9. */
  kill(): void;
  /** Stops as on SIGTERM: no new work, and what is under way is waited for. */
  stop(): Promise<void>;
}

const never = <T>(): Promise<T> => new Promise(() => undefined);
const HOME = { projectName: 'service', projectDomainName: 'Default' };

/** Starts a life on the store at `path`. Long, because it is the wiring. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const { settings, path, authUrl, clock } = options;
  let alive = true;
  const mortal =
    <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>, told: (result: T) => void = () => undefined) =>
    async (...args: A): Promise<T> => {
      if (!alive) return never();
      const result = await work(...args);
      if (alive) told(result);
      return alive ? result : never();
    };
  const port = <P extends object>(inner: P): P =>
    new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return mortal(value.bind(target), (result) => options.onCall(String(name), result));
      },
    });
  const said =
    (level: keyof Log): Log[keyof Log] =>
    (event, facts) =>
      alive ? options.log[level](event, facts) : undefined;
  const log: Log = { info: said('info'), warn: said('warn'), error: said('error') };

  const identity = identityOf(options.key);
  const store: Store = sqliteStore({ path, owner: identity.owner, nowUtc: clock.nowUtc() });
  const guard = createClockGuard({ clock, log });
  const mortalFetch = mortal(options.fetch);
  const fetch = witnessed(() => mortalFetch, clock, guard.heard);
  const sleep = (ms: number, signal?: AbortSignal) =>
    clock.sleepUntil(clock.nowUtc() + ms, signal ?? new AbortController().signal);
  const cloud = openCloud({
    keystone: { authUrl, username: 'autobackup', password: 'autobackup' },
    http: { fetch, now: clock.nowUtc, sleep },
    home: HOME,
    tenantScope: options.tenantScope ?? 'role',
    tenantApiShare: options.tenantApiShare ?? 0.25,
    clock,
    readDeadlineMs: 60_000,
  });
  const stopping = new AbortController();
  const hard = new AbortController();
  let figures: Figures | null = null;
  let missing = 0;
  let oddRows = 0;
  let short = 0;
  const engine = await createEngine({
    cloud,
    inventory: port(store.inventory),
    notes: port(store.notes),
    schedule: port(store.schedule),
    ledger: port(store.ledger),
    demands: port(store.demands),
    points: port(store.points),
    pruning: port(store.pruning),
    departures: port(store.departures),
    forgetting: port(store.forgetting),
    stuck: port(store.stuck),
    healing: port(store.healing),
    retention: port(store.retention),
    marks: port(store.marks),
    standstills: port(store.standstills),
    decisions: port(store.decisions),
    explaining: port(store.explaining),
    outlook: port(store.outlook),
    overrides: port(store.overrides),
    onShort: (projects) => {
      short = projects;
    },
    readModel: port(store.readModel),
    clock,
    guard,
    log,
    identity,
    settings,
    hard: hard.signal,
    onFigures: (now) => {
      figures = now;
    },
    written: async () => undefined,
    onMissing: (count) => {
      missing = count;
    },
    onOddRows: (count) => {
      oddRows = count;
    },
  });
  const { watch, ...others } = engine.loops;
  const loops = [...Object.values(others), ...(settings().watch ? [watch] : [])];
  const ended = loops.map((loop) =>
    loop(stopping.signal).catch((error: unknown) => {
      if (alive && !stopping.signal.aborted) options.onFault(error);
    }),
  );
  return {
    identity,
    notes: port(store.notes),
    points: port(store.points),
    retention: port(store.retention),
    holds: engine.holds,
    standstills: port(store.standstills),
    decisions: port(store.decisions),
    explain: engine.explain,
    schedules: engine.schedules,
    policies: engine.policies,
    pokeSuspects: engine.pokeSuspects,
    reconcile: engine.reconcile,
    onDemand: engine.onDemand,
    inspect: engine.inspect,
    projectWork: engine.projectWork,
    store,
    cloud,
    lookAnew: engine.lookAnew,
    figures: () => figures,
    missing: () => missing,
    oddRows: () => oddRows,
    short: () => short,
    kill() {
      if (!alive) return;
      alive = false;
      store.close();
    },
    async stop() {
      stopping.abort();
      await Promise.all([...ended, engine.idle()]);
      store.close();
      alive = false;
    },
  };
}
