import type { DatastoreVersion, InstanceRow } from './rows.ts';
import type { World } from './world.ts';

export function insertInstance(
  world: World,
  projectId: string,
  fields: Pick<InstanceRow, 'name' | 'flavorId' | 'volumeGb' | 'replicaOf'> & {
    readonly datastore: DatastoreVersion;
    readonly createdUtc?: number;
    readonly clusterId?: string | null;
  },
): InstanceRow {
  const createdUtc = fields.createdUtc ?? world.clock.nowUtc();
  const row: InstanceRow = {
    id: world.ids.uuid(),
    name: fields.name,
    projectId,
    createdUtc,
    updatedUtc: createdUtc,
    deletedUtc: null,
    task: 'BUILDING',
    serverStatus: 'ACTIVE',
    service: 'NEW',
    serviceUpdatedUtc: createdUtc,
    datastore: fields.datastore,
    flavorId: fields.flavorId,
    volumeGb: fields.volumeGb,
    replicaOf: fields.replicaOf,
    clusterId: fields.clusterId ?? null,
    serverId: world.ids.uuid(),
    volumeId: world.ids.uuid(),
    fault: null,
  };
  world.tables.addInstance(row);
  return row;
}

/** The end of a build, without a word on the bus. */
export function settle(row: InstanceRow, utc: number): void {
  Object.assign(row, { task: 'NONE', service: 'HEALTHY', updatedUtc: utc, serviceUpdatedUtc: utc });
}
