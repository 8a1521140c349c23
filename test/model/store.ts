import type {
  DurationMs,
  Hold,
  Instant,
  LedgerEntry,
  Mark,
  Policy,
  RecentRuns,
  RunState,
} from '../../lib/core/index.ts';

export interface Run {
  readonly id: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly slotUtc: Instant;
  state: RunState;
  backupId: string | null;
  intentUtc: Instant;
  notBeforeUtc: Instant;
  /** Its recovery point is known to be gone. */
  isLost: boolean;
}

export interface Schedule {
  readonly instanceId: string;
  readonly projectId: string;
  policy: Policy;
  nextUtc: Instant;
  isExcluded: boolean;
  goneUtc: Instant | null;
  /** Looks in a row whose list lacked it. */
  lacked: number;
}

export interface NotedMark extends Mark {
  readonly instanceId: string;
}
export type NotedHold = Hold & { readonly instanceId: string };

export interface NotedDeletion {
  readonly backupId: string;
  readonly instanceId: string;
  readonly projectId: string;
  readonly intentUtc: Instant;
}

const OPEN: ReadonlySet<RunState> = new Set(['claimed', 'intent', 'unknown', 'running']);
export const isOpen = ({ state }: Run): boolean => OPEN.has(state);

/** What a kill leaves: all that the service had written down. */
export class Store {
  readonly bornUtc: Instant;
  readonly runs = new Map<string, Run>();
  readonly ofInstance = new Map<string, Run[]>();
  readonly schedules = new Map<string, Schedule>();
  readonly marks = new Map<string, NotedMark>();
  readonly holds = new Map<string, NotedHold>();
  readonly deletions = new Map<string, NotedDeletion>();
  /** When instances were believed gone that nobody had confirmed. */
  readonly buriedUtc: Instant[] = [];

  constructor(bornUtc: Instant) {
    this.bornUtc = bornUtc;
  }

  runsOf(instanceId: string): Run[] {
    const known = this.ofInstance.get(instanceId) ?? [];
    this.ofInstance.set(instanceId, known);
    return known;
  }

  openRuns(projectId: string): readonly Run[] {
    const recent = [...this.ofInstance.values()].flatMap((runs) => runs.slice(-12));
    return recent.filter((run) => run.projectId === projectId && isOpen(run));
  }

  /** Of a project, or of all: what holds a place, as long as it may. */
  places(nowUtc: Instant, holdsMs: DurationMs): readonly Run[] {
    const recent = [...this.ofInstance.values()].flatMap((runs) => runs.slice(-12));
    const holdsPlace = (run: Run) =>
      run.state === 'intent' ||
      (run.state === 'unknown' && run.intentUtc > nowUtc - 15 * 60_000) ||
      (run.state === 'running' && run.intentUtc > nowUtc - holdsMs && !this.schedules.get(run.instanceId)?.goneUtc);
    return recent.filter(holdsPlace);
  }

  /** False where the slot has its row already. */
  insert(run: Run): boolean {
    const others = this.runsOf(run.instanceId);
    if (others.some(({ slotUtc }) => slotUtc === run.slotUtc)) return false;
    this.runs.set(run.id, run);
    others.push(run);
    return true;
  }

  ledger(): ReadonlyMap<string, LedgerEntry> {
    return this.#ledger;
  }
  readonly #ledger = {
    get: (runId: string): LedgerEntry | undefined => {
      const run = this.runs.get(runId);
      return run && { runId, state: run.state, backupId: run.backupId };
    },
  } as ReadonlyMap<string, LedgerEntry>;

  recent(instanceId: string, slotUtc: Instant): RecentRuns {
    const ended = this.runsOf(instanceId)
      .filter((run) => run.slotUtc < slotUtc && (run.state === 'completed' || run.state === 'failed'))
      .sort((a, b) => b.slotUtc - a.slotUtc);
    const good = ended.findIndex(({ state }) => state === 'completed');
    const failed = good < 0 ? ended : ended.slice(0, good);
    const lastUtc = ended[good]?.slotUtc ?? Number.NEGATIVE_INFINITY;
    const isCredit = (run: Run): boolean => run.state === 'credited' && run.slotUtc < slotUtc && run.slotUtc > lastUtc;
    const credited = this.runsOf(instanceId).some(isCredit);
    return { failuresInARow: failed.length, lastFailedUtc: failed[0]?.slotUtc ?? null, ...(credited && { credited }) };
  }

  openDeletions(instanceId: string): readonly NotedDeletion[] {
    return [...this.deletions.values()].filter((deletion) => deletion.instanceId === instanceId);
  }
}
