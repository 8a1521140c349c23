import { explain, followingSlot, intervalMs, OPEN_STATES, parseMarker, type RunState } from '../../lib/core/index.ts';
import type { Backup, Instance, Project } from '../../lib/simulator/index.ts';
import type { Ledger, RunRow, ScheduleRow } from './ledger.ts';
import type { Words } from './words/index.ts';

/** The store against the region's own rows: neither is believed alone. */
export interface Evidence {
  readonly ledger: Ledger;
  readonly instances: readonly Instance[];
  readonly backups: readonly Backup[];
  readonly projects: readonly Project[];
  /** The project that the operator excludes. */
  readonly excludedId: string;
  readonly nowUtc: number;
  /** It was ended before its time: runs may be under way. */
  readonly interrupted: boolean;
}

export type Problem = {
  readonly [K in keyof Words['problems']]: { readonly kind: K; readonly facts: Parameters<Words['problems'][K]>[0] };
}[keyof Words['problems']];

export interface Finding {
  /** `project/name` */
  readonly name: string;
  readonly scheduled: boolean;
  readonly slots: number;
  readonly failed: number;
  /** Completed backups of each chain, oldest first. */
  readonly chains: readonly number[];
  readonly problems: readonly Problem[];
}

/** What the rules look at: one instance's share of the evidence. */
interface Case {
  /** No replica, and not of a project that is excluded. */
  readonly expected: boolean;
  readonly schedule: ScheduleRow | undefined;
  readonly runs: readonly RunRow[];
  /** The region's rows that carry our marker, oldest first. */
  readonly ours: readonly Backup[];
  readonly nowUtc: number;
  readonly interrupted: boolean;
}

type Rule = (it: Case) => readonly Problem[];

const iso = (utc: number): string => new Date(utc).toISOString().slice(0, 16);
const completed = (ours: readonly Backup[]): readonly Backup[] => ours.filter(({ status }) => status === 'COMPLETED');
const isOpen = (state: RunState): boolean => (OPEN_STATES as readonly RunState[]).includes(state);

/** Every slot of the schedule, reckoned anew, has one run, and no run is beside one. */
const slotsDiffer: Rule = ({ schedule, runs }) => {
  if (!schedule) return [];
  const due = new Set<number>();
  const { policy, firstSlotUtc, nextSlotUtc, instanceId } = schedule;
  for (let slot = firstSlotUtc; slot < nextSlotUtc; slot = followingSlot(policy.cadence, instanceId, slot))
    due.add(slot);
  const run = new Set(runs.map(({ slotUtc }) => slotUtc));
  const lacking = (of: ReadonlySet<number>, from: ReadonlySet<number>) =>
    [...of].filter((slot) => !from.has(slot)).length;
  const facts = { missing: lacking(due, run), extra: lacking(run, due) };
  return facts.missing + facts.extra > 0 ? [{ kind: 'slots-differ', facts }] : [];
};

const slotTwice: Rule = ({ ours }) => {
  const bySlot = Map.groupBy(ours, ({ description }) => parseMarker(description)?.slotUtc ?? 0);
  return [...bySlot]
    .filter(([, rows]) => rows.length > 1)
    .map(([slot]) => ({ kind: 'slot-twice', facts: { slot: iso(slot) } }));
};

const open: Rule = ({ runs, interrupted }) =>
  runs
    .filter(({ state }) => isOpen(state) && !interrupted)
    .map(({ slotUtc, state }) => ({ kind: 'open', facts: { slot: iso(slotUtc), state } }));

const unexplained: Rule = ({ runs }) =>
  runs
    .filter(({ state, because }) => !isOpen(state) && (because === null || explain(because) === ''))
    .map(({ slotUtc }) => ({ kind: 'unexplained', facts: { slot: iso(slotUtc) } }));

const notThere: Rule = ({ runs, ours }) => {
  const there = new Set(completed(ours).map(({ id }) => id));
  return runs
    .filter(({ state, backupId }) => state === 'completed' && !there.has(backupId ?? ''))
    .map(({ slotUtc }) => ({ kind: 'not-there', facts: { slot: iso(slotUtc) } }));
};

const unknown: Rule = ({ runs, ours, interrupted }) => {
  const known = new Set(runs.map(({ backupId }) => backupId));
  if (interrupted) return [];
  return ours.filter(({ id }) => !known.has(id)).map(({ name }) => ({ kind: 'unknown', facts: { backup: name } }));
};

const parent: Rule = ({ ours }) =>
  completed(ours)
    .filter(({ parentId }, at, all) => parentId !== null && parentId !== all[at - 1]?.id)
    .map(({ name }) => ({ kind: 'parent', facts: { backup: name } }));

const afterFailure: Rule = ({ runs }) =>
  runs
    .filter(({ state, backupId }) => state === 'completed' || (state === 'failed' && backupId !== null))
    .filter(({ kind }, at, all) => kind === 'incremental' && all[at - 1]?.state === 'failed')
    .map(({ slotUtc }) => ({ kind: 'after-failure', facts: { slot: iso(slotUtc) } }));

/** Late without a failure that says why. */
const unprotected: Rule = ({ schedule, runs, ours, nowUtc, interrupted }) => {
  if (!schedule?.active || interrupted || runs.at(-1)?.state === 'failed') return [];
  const newestUtc = Math.max(schedule.firstSlotUtc, ...completed(ours).map(({ createdUtc }) => createdUtc));
  const late = nowUtc - newestUtc > 1.5 * intervalMs(schedule.policy.cadence);
  return late || ours.length === 0 ? [{ kind: 'unprotected', facts: undefined }] : [];
};

const unscheduled: Rule = ({ expected, schedule }) =>
  expected && !schedule ? [{ kind: 'unscheduled', facts: undefined }] : [];

const excluded: Rule = ({ expected, ours }) =>
  !expected && ours.length > 0 ? [{ kind: 'excluded', facts: { count: ours.length } }] : [];

const RULES: readonly Rule[] = [
  slotsDiffer,
  slotTwice,
  open,
  unexplained,
  notThere,
  unknown,
  parent,
  afterFailure,
  unprotected,
  unscheduled,
  excluded,
];

/** One finding an instance, the deleted ones too. */
export function check({
  ledger,
  instances,
  backups,
  projects,
  excludedId,
  nowUtc,
  interrupted,
}: Evidence): readonly Finding[] {
  const projectNames = new Map(projects.map(({ id, name }) => [id, name]));
  const schedules = new Map(ledger.schedules.map((row) => [row.instanceId, row]));
  const runs = Map.groupBy(ledger.runs, ({ instanceId }) => instanceId);
  const marked = backups.filter(({ description }) => parseMarker(description) !== null);
  const ours = Map.groupBy(marked, ({ instanceId }) => instanceId);
  return instances.map(({ id, projectId, name, replicaOf }) => {
    const its: Case = {
      expected: replicaOf === null && projectId !== excludedId,
      schedule: schedules.get(id),
      runs: runs.get(id) ?? [],
      ours: (ours.get(id) ?? []).toSorted((a, b) => a.createdUtc - b.createdUtc),
      nowUtc,
      interrupted,
    };
    return {
      name: `${projectNames.get(projectId)}/${name}`,
      scheduled: its.schedule !== undefined,
      slots: its.runs.length,
      failed: its.runs.filter(({ state }) => state === 'failed').length,
      chains: chainsOf(completed(its.ours)),
      problems: RULES.flatMap((rule) => rule(its)),
    };
  });
}

function chainsOf(rows: readonly Backup[]): readonly number[] {
  const chains: number[] = [];
  for (const { parentId } of rows) {
    if (parentId === null || chains.length === 0) chains.push(1);
    else chains.push((chains.pop() ?? 0) + 1);
  }
  return chains;
}
