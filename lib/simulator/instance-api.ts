import { type Call, errorIds, idOf, ok, optional } from './call.ts';
import { createInstance, type InstanceOrder, readMaster } from './instance-create.ts';
import { deleteInstance } from './instance-delete.ts';
import { assertNova, isListed, readInstance } from './instance-state.ts';
import { listBody, pageById } from './paging.ts';
import type { InstanceRow } from './rows.ts';
import { text, uuid, validated } from './schema.ts';
import { detailedInstance, listedInstance } from './views.ts';
import { type Answer, isJson, type Json, TroveFault } from './wire.ts';

export function listInstances(call: Call): Answer {
  const { world, caller, url } = call;
  assertNova(world, 500);
  const clustered = url.searchParams.get('include_clustered')?.toLowerCase() === 'true';
  const after = world.tables.instancesAfter(caller.projectId, url.searchParams.get('marker') ?? '');
  const page = pageById(clustered ? after : unclustered(after), url.searchParams, errorIds(call));
  const rows = newestFirst(page.rows.filter((row) => isListed(world, row)));
  const views = rows.map((row) => listedInstance(world, row, call.links, caller.admin));
  return ok(listBody('instances', views, page.marker, url, call.links));
}

function* unclustered(rows: Iterable<InstanceRow>): Generator<InstanceRow> {
  for (const row of rows) if (row.clusterId === null) yield row;
}

/** How both lists of instances are shown, whatever order they are read in. */
export const newestFirst = (rows: readonly InstanceRow[]): readonly InstanceRow[] =>
  [...rows].sort((a, b) => Math.floor(b.createdUtc / 1000) - Math.floor(a.createdUtc / 1000));

export function showInstance(call: Call): Answer {
  const { world, caller } = call;
  const row = readInstance(world, caller, idOf(call));
  assertNova(world, 500);
  return ok({ instance: detailedInstance(world, row, call.links, caller.admin, true) });
}

export async function orderInstance(call: Call): Promise<Answer> {
  const { world, caller } = call;
  const fields = validated(call.body, 'instance', { name: text, replica_of: uuid });
  assertNova(world, 500);
  const row = await createInstance(world, caller, instanceOrder(call, fields));
  return ok({ instance: detailedInstance(world, row, call.links, caller.admin, false) });
}

function instanceOrder({ world, caller }: Call, fields: Readonly<Record<string, unknown>>): InstanceOrder {
  const name = String(fields['name']);
  const { datastore, volume, flavorRef, restorePoint, replica_of: replicaOf } = fields;
  if (typeof replicaOf === 'string') {
    const given = [flavorRef && 'flavor', datastore && 'datastore', volume && 'volume'].find(Boolean);
    if (given) throw new TroveFault(400, `Cannot specify ${String(given)} when creating replicas.`);
    const master = readMaster(world, caller, replicaOf);
    const { flavorId, volumeGb } = master;
    return { name, flavorId, volumeGb, datastore: master.datastore, replicaOf, restoreFrom: null };
  }
  const version = isJson(datastore) ? datastore : {};
  if (typeof version['type'] !== 'string' && typeof version['version'] !== 'string') {
    throw new TroveFault(400, 'Please specify datastore. No default datastore is defined.');
  }
  if (!isJson(volume)) throw new TroveFault(400, 'Volume size was not specified.');
  return {
    name,
    flavorId: String(flavorRef),
    volumeGb: Number(volume['size']),
    datastore: world.datastores.find(optional(version['type']), optional(version['version'])),
    replicaOf: null,
    restoreFrom: isJson(restorePoint) ? backupRef(restorePoint) : null,
  };
}

function backupRef(restorePoint: Json): string {
  if (restorePoint['backupRef'] !== undefined) return String(restorePoint['backupRef']);
  throw new TroveFault(400, "Validation error: instance['restorePoint'] 'backupRef' is a required property");
}

export async function removeInstance(call: Call): Promise<Answer> {
  await deleteInstance(call.world, call.caller, idOf(call));
  return ok(null, 202);
}
