import { explain, followingSlot, intervalMs, OPEN_STATES, parseMarker, type RunState } from '../../lib/core/index.ts';
import type { Backup } from '../../lib/simulator/index.ts';
import type { RunRow, ScheduleRow } from './ledger.ts';
import type { Words } from './words/index.ts';

export type Problem = {
  readonly [K in keyof Words['problems']]: { readonly kind: K; readonly facts: Parameters<Words['problems'][K]>[0] };
}[keyof Words['problems']];

/** What the rules look at: one instance's share of the evidence. */
export interface Case {
  /** No replica, and not of a project that is excluded. */
  readonly expected: boolean;
  readonly schedule: ScheduleRow | undefined;
  readonly runs: readonly RunRow[];
  /** The region's rows that carry our marker, oldest first. */
  readonly ours: readonly Backup[];
  readonly nowUtc: number;
  readonly interrupted: boolean;
}

export type Rule = (it: Case) => readonly Problem[];

const iso = (utc: number): string => new Date(utc).toISOString().slice(0, 16);
export const completed = (ours: readonly Backup[]): readonly Backup[] =>
  ours.filter(({ status }) => status === 'COMPLETED');
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

const unscheduled: Rule = ({ expected, schedule, interrupted }) =>
  expected && !schedule && !interrupted ? [{ kind: 'unscheduled', facts: undefined }] : [];

const excluded: Rule = ({ expected, ours }) =>
  !expected && ours.length > 0 ? [{ kind: 'excluded', facts: { count: ours.length } }] : [];

/** What has to hold of every instance. */
export const RULES: readonly Rule[] = [
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
