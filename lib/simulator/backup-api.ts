import { type BackupOrder, createBackup } from './backup-create.ts';
import { deleteBackup } from './backup-delete.ts';
import { readBackup } from './backup-life.ts';
import { type Call, errorIds, idOf, ok, optional } from './call.ts';
import { assertNova, readInstance } from './instance-state.ts';
import { listBody, pageByOffset } from './paging.ts';
import type { BackupRow } from './rows.ts';
import { text, uuid, validated, zeroOrOne } from './schema.ts';
import { backupView } from './views.ts';
import { type Answer, TroveFault } from './wire.ts';

export function listBackups(call: Call): Answer {
  const { world, caller, url } = call;
  const projectId = url.searchParams.get('project_id');
  const everywhere = isTrue(url.searchParams.get('all_projects'));
  if ((projectId || everywhere) && !caller.admin) {
    throw new TroveFault(403, "Policy doesn't allow backup:index:all_projects to be performed.");
  }
  const owner = projectId || (everywhere ? null : caller.projectId);
  const instanceId = url.searchParams.get('instance_id');
  if (instanceId) {
    const rows = world.tables.backupsBy({ instanceId });
    return backups(call, owner === null ? rows : rows.filter((row) => row.projectId === owner));
  }
  return backups(call, world.tables.backupsBy(owner === null ? 'all' : { projectId: owner }));
}

/** oslo.utils' reading of a boolean. */
const isTrue = (value: string | null): boolean => /^(1|t|true|on|y|yes)$/i.test(value?.trim() ?? '');

function backups(call: Call, rows: readonly BackupRow[]): Answer {
  const datastore = call.url.searchParams.get('datastore');
  const datastoreId = datastore ? call.world.datastores.find(datastore, undefined).datastoreId : null;
  const wanted = datastoreId === null ? rows : rows.filter((row) => row.datastore.datastoreId === datastoreId);
  const page = pageByOffset(wanted, call.url.searchParams, errorIds(call));
  return ok(
    listBody(
      'backups',
      page.rows.map((row) => backupView(call.world, row)),
      page.marker,
      call.url,
      call.links,
    ),
  );
}

export async function orderBackup(call: Call): Promise<Answer> {
  const checks = { name: text, description: text, instance: uuid, parent_id: uuid, incremental: zeroOrOne };
  const fields = validated(call.body, 'backup', checks);
  if (fields['instance'] === undefined) throw new TroveFault(400, 'instance is missing.');
  const order: BackupOrder = {
    name: String(fields['name']),
    description: optional(fields['description']) ?? null,
    instanceId: String(fields['instance']),
    parentId: optional(fields['parent_id']) ?? null,
    incremental: fields['incremental'] === 1,
  };
  return ok({ backup: backupView(call.world, await createBackup(call.world, call.caller, order)) }, 202);
}

export const showBackup = (call: Call): Answer =>
  ok({ backup: backupView(call.world, readBackup(call.world, call.caller, idOf(call))) });

export async function removeBackup(call: Call): Promise<Answer> {
  await deleteBackup(call.world, call.caller, idOf(call));
  return ok(null, 202);
}

/** `GET /instances/{id}/backups`: of the caller's project, or of all when an admin asks. */
export function listBackupsOfInstance(call: Call): Answer {
  const { world, caller } = call;
  assertNova(world, 400);
  const { id } = readInstance(world, caller, idOf(call));
  const rows = world.tables.backupsBy({ instanceId: id });
  return backups(call, caller.admin ? rows : rows.filter((row) => row.projectId === caller.projectId));
}
