import { parseMarker } from '../../lib/core/index.ts';
import type { Backup, Instance, Project } from '../../lib/simulator/index.ts';
import { type Case, completed, type Problem, RULES } from './check-rules.ts';
import type { Ledger } from './ledger.ts';

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
