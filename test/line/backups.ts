import { parseMarker } from '../../lib/core/index.ts';
import type { Resource } from '../region/tenant.ts';
import type { Stage, World } from './world.ts';

/** A backup as its tenant sees it, with what its marker says. */
export interface Seen {
  readonly id: string;
  readonly status: string;
  readonly parentId: string | null;
  readonly projectId: string;
  readonly slotUtc: number;
  readonly runId: string;
}

function seen(backup: Resource): Seen {
  const marker = parseMarker(String(backup['description']));
  if (!marker) throw new Error(`backup ${backup.name} has no marker: ${backup['description']}`);
  return {
    id: backup.id,
    status: backup.status,
    parentId: backup['parent_id'] as string | null,
    projectId: String(backup['project_id']),
    slotUtc: marker.slotUtc,
    runId: marker.runId,
  };
}

/** The instance's backups in the tenant's own list, oldest slot first. */
export async function backupsOf(world: World, instanceId: string): Promise<readonly Seen[]> {
  return (await world.demo.backups(instanceId)).map(seen).sort((a, b) => a.slotUtc - b.slotUtc);
}

/** Every slot of the ledger is one row, and no backup of ours is without its run, nor a slot with two backups. */
export async function discrepancies(world: World, stage: Stage, instanceId: string): Promise<readonly string[]> {
  const backups = await backupsOf(world, instanceId);
  const runs = stage.runs(instanceId);
  const found: string[] = [];
  for (const [slot, same] of Map.groupBy(backups, ({ slotUtc }) => slotUtc)) {
    if (same.length > 1) found.push(`slot ${new Date(slot).toISOString()} has ${same.length} backups`);
  }
  for (const { id, runId } of backups) {
    const run = runs.find((row) => row.run_id === runId);
    if (!run) found.push(`backup ${id} belongs to no run`);
    else if (run.backup_id !== id) found.push(`run ${runId} (${run.state}) does not know its backup ${id}`);
  }
  for (const { run_id, backup_id, state } of runs) {
    if (state === 'completed' && !backups.some(({ id }) => id === backup_id))
      found.push(`run ${run_id} lacks its backup`);
  }
  return found;
}
