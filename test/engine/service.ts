import Database from 'better-sqlite3';
import type { DemandPort } from '../../daemon/ports/demand.ts';
import type { DeparturesPort } from '../../daemon/ports/departures.ts';
import type { InventoryPort } from '../../daemon/ports/inventory.ts';
import type { NotesPort } from '../../daemon/ports/notes.ts';
import type { PrunePort } from '../../daemon/ports/prune.ts';
import type { RunLedgerPort } from '../../daemon/ports/run-ledger.ts';
import type { ClaimResult, SchedulePort } from '../../daemon/ports/schedule.ts';
import type { Policy, Reason, RunState } from '../../lib/core/index.ts';
import type { Region } from '../../lib/simulator/index.ts';
import { type Life, type LifeOptions, type Settings, startLife } from './life.ts';
import { SkewedClock } from './skewed-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { createWire, type Wire } from './wire.ts';

/** A row of `runs`; `because` as the reason it is. */
export interface Run {
  readonly run_id: string;
  readonly instance_id: string;
  readonly project_id: string;
  readonly slot_utc: number;
  readonly state: RunState;
  readonly because: Reason | null;
  readonly origin: 'scheduled' | 'on_demand';
  readonly kind: 'full' | 'incremental' | null;
  readonly kind_because: Reason | null;
  readonly parent_id: string | null;
  readonly backup_id: string | null;
  readonly intent_utc: number | null;
  readonly ended_utc: number | null;
}

export interface Schedule {
  readonly instance_id: string;
  readonly policy_name: string;
  readonly active: 0 | 1;
  readonly first_slot_utc: number;
  readonly next_slot_utc: number;
  readonly policy: Policy;
  readonly newest_point_utc: number | null;
}

export interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly atUtc: number;
  readonly [fact: string]: unknown;
}

/** A place where a life may end: right after a call of the store, or on the way of a request for a backup. */
export type CrashPoint =
  | keyof SchedulePort
  | keyof RunLedgerPort
  | keyof InventoryPort
  | keyof NotesPort
  | 'before the request left'
  | keyof PrunePort
  | keyof DemandPort
  | keyof DeparturesPort
  | 'before the answer came';

/** One autobackup service with its store's file, through all its lives. */
export interface Service {
  readonly path: string;
  readonly wire: Wire;
  readonly lines: readonly Line[];
  start(): Promise<void>;
  stop(): Promise<void>;
  /** As kill -9. */
  crash(): void;
  /** The next time it comes there it ends; nothing of it goes on. */
  crashAt(point: CrashPoint): void;
  isUp(): boolean;
  /** Sets its machine's clock so far ahead of the region's, or behind it. */
  setClock(skewMs: number): void;
  /** Its machine sleeps for so long: nothing of it runs, its monotonic clock stands, and its wall clock is right when it wakes. */
  sleep(ms: number): Promise<void>;
  life(): Life;
  runs(instanceId?: string): readonly Run[];
  schedules(): readonly Schedule[];
  events(name: string, instanceId?: string): readonly Line[];
}

export interface ServiceOptions extends Pick<LifeOptions, 'tenantScope'> {
  readonly region: Region;
  readonly clock: VirtualClock;
  /** Of the life that runs and of those to come. */
  readonly settings: () => Settings;
  readonly path: string;
  readonly key: Buffer;
  readonly onFault: (error: unknown) => void;
}

export function createService(options: ServiceOptions): Service {
  const { region, clock, path } = options;
  const wire = createWire(region, clock);
  const lines: Line[] = [];
  const machine = new SkewedClock(clock);
  let life: Life | null = null;
  let point: CrashPoint | null = null;
  let reader: Database.Database | null = null;
  const write = (level: Line['level']) => (event: string, facts?: Readonly<Record<string, unknown>>) =>
    void lines.push({ ...facts, level, event, atUtc: clock.nowUtc() });

  function crash(): void {
    close();
    wire.forget();
    life?.kill();
    life = null;
    point = null;
  }
  function close(): void {
    reader?.close();
    reader = null;
  }
  /** Read by another connection: what is really in the file. */
  function rows<T>(sql: string): readonly T[] {
    reader ??= new Database(path, { readonly: true });
    return reader.prepare<[], T>(sql).all();
  }
  return {
    path,
    wire,
    lines,
    crash,
    async start() {
      close();
      life = await startLife({
        ...options,
        clock: machine,
        authUrl: region.authUrl,
        fetch: wire.fetch,
        log: { info: write('info'), warn: write('warn'), error: write('error') },
        onCall: (name, result) => {
          // Most claims find nothing due.
          const idle = name === 'claimDue' && (result as ClaimResult).claimed.length === 0;
          if (name === point && !idle) crash();
        },
      });
      await clock.drain();
    },
    async stop() {
      close();
      await life?.stop();
      life = null;
    },
    crashAt(where) {
      point = where;
      if (where === 'before the request left') {
        wire.next(async () => {
          crash();
          return Response.error();
        });
      }
      if (where === 'before the answer came') {
        wire.next(async (forward) => {
          const answer = await forward();
          crash();
          return answer;
        });
      }
    },
    isUp: () => life !== null,
    setClock: (skewMs) => machine.set(skewMs),
    async sleep(ms) {
      machine.stand();
      await clock.advance(ms);
      machine.wake();
      await clock.drain();
    },
    life() {
      if (!life) throw new Error('the service is not running');
      return life;
    },
    runs: (instanceId) =>
      rows<Omit<Run, 'because' | 'kind_because'> & { because: string | null; kind_because: string | null }>(
        'SELECT * FROM runs ORDER BY slot_utc, instance_id',
      )
        .filter((row) => instanceId === undefined || row.instance_id === instanceId)
        .map((row) => ({
          ...row,
          because: row.because === null ? null : (JSON.parse(row.because) as Reason),
          kind_because: row.kind_because === null ? null : (JSON.parse(row.kind_because) as Reason),
        })),
    schedules: () =>
      rows<Omit<Schedule, 'policy'> & { policy: string }>('SELECT * FROM schedules ORDER BY instance_id').map(
        (row) => ({
          ...row,
          policy: JSON.parse(row.policy) as Policy,
        }),
      ),
    events: (name, instanceId) =>
      lines.filter((line) => line.event === name && (instanceId === undefined || line['instance'] === instanceId)),
  };
}
