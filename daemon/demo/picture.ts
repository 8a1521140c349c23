import { intervalMs, type Reason } from '../../lib/core/index.ts';
import type { Instance, Project } from '../../lib/simulator/index.ts';
import type { Ledger, RunRow, ScheduleRow } from './ledger.ts';
import type { Tone } from './sentences.ts';

/** One slot in a chain as it is drawn. */
export interface Mark {
  readonly kind: 'full' | 'incremental' | 'undecided';
  readonly state: 'completed' | 'running' | 'failed' | 'none';
}

export interface Standing {
  readonly name: string;
  readonly datastore: string;
  /** null: none. */
  readonly policy: string | null;
  /** Why there is no schedule. */
  readonly because: Reason | null;
  readonly gone: boolean;
  readonly marks: readonly Mark[];
  readonly nextSlotUtc: number | null;
  readonly newestPointUtc: number | null;
  readonly late: boolean;
}

export interface EventLine {
  readonly atUtc: number;
  /** `project/instance`, or empty. */
  readonly subject: string;
  readonly text: string;
  readonly tone: Tone;
}

export interface Totals {
  readonly full: number;
  readonly incremental: number;
  readonly failed: number;
  readonly late: number;
}

export interface Picture {
  readonly startUtc: number;
  readonly nowUtc: number;
  /** null: for ever. */
  readonly days: number | null;
  readonly scale: number;
  readonly bus: boolean;
  readonly pageUrl: string;
  readonly projects: readonly { readonly name: string; readonly instances: readonly Standing[] }[];
  readonly events: readonly EventLine[];
  readonly totals: Totals;
}

/** What there is to draw of the region and the daemon's store. */
export function standings(
  ledger: Ledger,
  instances: readonly Instance[],
  projects: readonly Project[],
  nowUtc: number,
): Picture['projects'] {
  const runs = Map.groupBy(ledger.runs, ({ instanceId }) => instanceId);
  const schedules = new Map(ledger.schedules.map((row) => [row.instanceId, row]));
  const exclusions = new Map(ledger.exclusions.map((row) => [row.instanceId, row.because]));
  const standing = (instance: Instance): Standing => {
    const schedule = schedules.get(instance.id);
    const gone = instance.deletedUtc !== null;
    return {
      name: instance.name,
      datastore: instance.datastore?.type ?? '',
      policy: schedule?.policy.name ?? null,
      because: exclusions.get(instance.id) ?? null,
      gone,
      marks: (runs.get(instance.id) ?? []).map(markOf),
      nextSlotUtc: schedule?.active && !gone ? schedule.nextSlotUtc : null,
      newestPointUtc: schedule?.newestPointUtc ?? null,
      late: !gone && schedule !== undefined && isLate(schedule, nowUtc),
    };
  };
  return projects
    .map(({ id, name }) => ({
      name,
      instances: instances.filter(({ projectId }) => projectId === id).map(standing),
    }))
    .filter(({ instances: its }) => its.length > 0);
}

function markOf({ kind, state }: RunRow): Mark {
  const drawn = { completed: 'completed', failed: 'failed', intent: 'running', unknown: 'running', running: 'running' };
  return { kind: kind ?? 'undecided', state: (drawn as Record<string, Mark['state']>)[state] ?? 'none' };
}

function isLate({ active, policy, firstSlotUtc, newestPointUtc }: ScheduleRow, nowUtc: number): boolean {
  return active && nowUtc > Math.max(newestPointUtc ?? 0, firstSlotUtc) + 1.5 * intervalMs(policy.cadence);
}

export function totalsOf({ runs }: Ledger, late: number): Totals {
  const made = runs.filter(({ state }) => state === 'completed');
  const full = made.filter(({ kind }) => kind === 'full').length;
  return {
    full,
    incremental: made.length - full,
    failed: runs.filter(({ state }) => state === 'failed').length,
    late,
  };
}
