import { explain } from '../../../lib/core/index.ts';
import { holes } from '../../engine/slots-passed.ts';
import type { Evidence, Run } from './evidence.ts';

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
    ...ours.flatMap(({ id, runId, state, deleted }) => {
      const run = byRun.get(runId);
      if (!run) return [`backup ${id} belongs to no run`];
      // Its user was quicker than the daemon's next life.
      if (deleted && run.because?.rule === 'outcome-unknown') return [];
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

/** Each has one end, and that a sentence in each language. */
function unexplained({ runs }: Evidence): readonly string[] {
  return runs.flatMap((run) => {
    const { because, ended_utc } = run;
    if (ended_utc === null) return [`${where(run)} has not ended: ${because && explain(because)}`];
    const sentences = because === null ? [''] : [explain(because, 'en'), explain(because, 'vi')];
    return sentences.every((sentence) => sentence.length > 10) ? [] : [`${where(run)} is explained by "${sentences}"`];
  });
}

/** What must never be and is, one sentence each. */
export function brokenLaws(evidence: Evidence, asked: readonly Incremental[], deletedAt: Deletions): readonly string[] {
  return [
    ...doubled(evidence),
    ...unlike(evidence),
    ...wrongParents(evidence, asked, deletedAt),
    ...unexplained(evidence),
    ...holes(evidence.schedules, evidence.runs, evidence.hastened),
  ];
}
