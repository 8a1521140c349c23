import { explain, followingSlot } from '../../../lib/core/index.ts';
import { type Evidence, isOpen, type Run, type ScheduleRow } from './evidence.ts';

/** A request for an incremental, and what its parent was like as it went by. */
export interface Incremental {
  readonly atMs: number;
  readonly runId: string;
  readonly instanceId: string;
  readonly parentId: string;
  readonly parentStatus: string | null;
  readonly parentInstanceId: string | null;
}

/** What users did: when they asked for a backup's deletion, by its id. */
export type Deletions = ReadonlyMap<string, number>;

/** So long the answer about a parent may have taken. */
const LOOK_MS = 1_000;

const utc = (instant: number): string => new Date(instant).toISOString();
const where = (run: Run): string => `run ${run.run_id} (${run.state}, slot ${utc(run.slot_utc)})`;

function doubled({ ours }: Evidence): readonly string[] {
  const bySlot = Map.groupBy(ours, ({ instanceId, slotUtc }) => `${instanceId} at ${utc(slotUtc)}`);
  return [...bySlot].flatMap(([slot, rows]) => (rows.length > 1 ? [`${slot} has ${rows.length} backups`] : []));
}

/** Whatever Trove has of ours is in the ledger, and whatever the ledger has is as Trove has it. */
function unlike({ ours, forged, rows, runs }: Evidence): readonly string[] {
  const byRun = new Map(runs.map((run) => [run.run_id, run]));
  const madeFor = new Set(ours.map(({ runId }) => runId));
  return [
    ...forged.map(({ name }) => `backup ${name} has our name but not our mac`),
    ...ours.flatMap(({ id, runId, state }) => {
      const run = byRun.get(runId);
      if (!run) return [`backup ${id} belongs to no run`];
      return run.backup_id === id ? [] : [`${where(run)} does not know its backup ${id} (${state})`];
    }),
    ...runs.flatMap((run) => {
      const row = rows.get(run.backup_id ?? '');
      if (run.state === 'completed' && !row) return [`${where(run)} never had the backup ${run.backup_id}`];
      if (run.state === 'completed' && !row?.deleted && row?.state !== 'COMPLETED')
        return [`${where(run)} has a backup that is ${row?.state}`];
      if (['skipped', 'missed', 'expired'].includes(run.state) && madeFor.has(run.run_id))
        return [`${where(run)} has a backup all the same`];
      return [];
    }),
  ];
}

/** A user had asked for its deletion, or for that of what it stands on. */
function doomed({ rows }: Evidence, { parentId, atMs }: Incremental, deletedAt: Deletions): boolean {
  for (let link: string | null = parentId; link !== null; link = rows.get(link)?.parentId ?? null) {
    if ((deletedAt.get(link) ?? Number.POSITIVE_INFINITY) <= atMs + LOOK_MS) return true;
  }
  return false;
}

function wrongParents(evidence: Evidence, asked: readonly Incremental[], deletedAt: Deletions): readonly string[] {
  const { ours, rows } = evidence;
  const managed = new Set(ours.map(({ id }) => id));
  return [
    ...ours.flatMap(({ id, parentId, instanceId, projectId }) => {
      if (parentId === null) return [];
      const parent = rows.get(parentId);
      const right = managed.has(parentId) && parent?.instanceId === instanceId && parent.projectId === projectId;
      return right ? [] : [`backup ${id} stands on ${parentId}, which is not its instance's and ours`];
    }),
    ...asked.flatMap((request) => {
      const { runId, instanceId, parentId, parentStatus, parentInstanceId } = request;
      // A user may delete it in the moment between the look and the request; nobody can be quicker.
      if (doomed(evidence, request, deletedAt)) return [];
      const right = parentStatus === 'COMPLETED' && parentInstanceId === instanceId;
      return right ? [] : [`run ${runId} asked for a child of ${parentId}, which was ${parentStatus}`];
    }),
  ];
}

/** An end has a sentence in each language; what is open is so young that it may be. */
function unexplained({ runs, schedules }: Evidence, nowUtc: number): readonly string[] {
  const intervals = new Map(schedules.map(({ instance_id, interval_ms }) => [instance_id, interval_ms]));
  return runs.flatMap((run) => {
    if (isOpen(run)) {
      const young = nowUtc - run.slot_utc < (intervals.get(run.instance_id) ?? 0);
      return young ? [] : [`${where(run)} is still open: ${run.because && explain(run.because)}`];
    }
    const { because, ended_utc } = run;
    if (because === null || ended_utc === null) return [`${where(run)} has no reason or no end`];
    const sentences = [explain(because, 'en'), explain(because, 'vi')];
    return sentences.every((sentence) => sentence.length > 10) ? [] : [`${where(run)} is explained by "${sentences}"`];
  });
}

function slotsUpTo({ first_slot_utc, next_slot_utc, policy, instance_id }: ScheduleRow): readonly number[] {
  const slots: number[] = [];
  for (let slot = first_slot_utc; slot < next_slot_utc; slot = followingSlot(policy.cadence, instance_id, slot)) {
    slots.push(slot);
  }
  return slots;
}

/** Every slot from the first to the cursor has its row, and there are no others. */
function holes({ runs, schedules }: Evidence): readonly string[] {
  const rows = Map.groupBy(runs, ({ instance_id }) => instance_id);
  return schedules.flatMap((schedule) => {
    const expected = slotsUpTo(schedule);
    const found = (rows.get(schedule.instance_id) ?? []).map(({ slot_utc }) => slot_utc);
    const lacking = expected.filter((slot) => !found.includes(slot));
    const strange = found.filter((slot) => !expected.includes(slot));
    const twice = found.length - new Set(found).size;
    return lacking.length + strange.length + twice === 0
      ? []
      : [`instance ${schedule.instance_id} lacks slots ${lacking.map(utc)}, has ${strange.map(utc)}, ${twice} twice`];
  });
}

/** What must never be and is, one sentence each. */
export function brokenLaws(
  evidence: Evidence,
  asked: readonly Incremental[],
  deletedAt: Deletions,
  nowUtc: number,
): readonly string[] {
  return [
    ...doubled(evidence),
    ...unlike(evidence),
    ...wrongParents(evidence, asked, deletedAt),
    ...unexplained(evidence, nowUtc),
    ...holes(evidence),
  ];
}
