import type { Flavor } from './flavors.ts';
import { operatingStatus, statusOf, taskDescription } from './instance-state.ts';
import type { BackupRow, Caller, DatastoreVersion, InstanceRow } from './rows.ts';
import { troveTime } from './timestamps.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

/** Where an answer's links point: always https and never the path a proxy put before. Trove: trove/common/views.py */
export interface Links {
  readonly host: string;
  readonly projectId: string;
}

type Kind = 'instances' | 'flavors' | 'datastores' | 'datastores/versions';

const links = ({ host, projectId }: Links, kind: Kind, id: string): readonly Json[] => [
  { href: `https://${host}/v1.0/${projectId}/${kind}/${id}`, rel: 'self' },
  { href: `https://${host}/${kind}/${id}`, rel: 'bookmark' },
];

/** An instance in `GET /instances`. Trove: trove/instance/views.py, InstanceView */
export function listedInstance(world: World, row: InstanceRow, to: Links, admin: boolean): Json {
  const replicas = world.tables.replicasOf(row.id);
  return {
    id: row.id,
    name: row.name,
    status: row.deletedUtc === null ? statusOf(world, row) : 'SHUTDOWN',
    operating_status: operatingStatus(world, row),
    links: links(to, 'instances', row.id),
    flavor: { id: row.flavorId, links: links(to, 'flavors', row.flavorId) },
    datastore: { type: row.datastore?.type ?? null, version: row.datastore?.version ?? null },
    region: world.region,
    access: {},
    ...(admin && { tenant_id: row.projectId }),
    ...(row.datastore !== null && { volume: { size: row.volumeGb } }),
    ...(row.replicaOf !== null && { replica_of: { id: row.replicaOf, links: links(to, 'instances', row.replicaOf) } }),
    ...(replicas.length > 0 && {
      replicas: replicas.map(({ id }) => ({ id, links: links(to, 'instances', id) })),
    }),
  };
}

/** What the guest cannot be asked in. Trove: trove/instance/models.py, AGENT_INVALID_STATUSES */
const SILENT = new Set(['BUILD', 'REBOOT', 'RESIZE', 'PROMOTE', 'EJECT', 'UPGRADE']);

/** An instance alone; `asked` is whether the guest was asked for its volume. Trove: InstanceDetailView */
export function detailedInstance(world: World, row: InstanceRow, to: Links, admin: boolean, asked: boolean): Json {
  const view = listedInstance(world, row, to, admin);
  const used = asked && row.datastore !== null && !SILENT.has(statusOf(world, row));
  return {
    ...view,
    ...(row.datastore !== null && {
      datastore: { type: row.datastore.type, version: row.datastore.version, version_number: row.datastore.version },
      volume: { size: row.volumeGb, ...(used && { used: 0.16 }) },
    }),
    created: troveTime(row.createdUtc),
    updated: troveTime(row.updatedUtc),
    service_status_updated: troveTime(row.serviceUpdatedUtc),
    ...(row.fault !== null && {
      fault: {
        message: row.fault.message,
        created: troveTime(row.fault.createdUtc),
        details: admin ? row.fault.details : null,
      },
    }),
    ...(row.clusterId !== null && { cluster_id: row.clusterId }),
    ...(admin && { server_id: row.serverId, volume_id: row.volumeId, encrypted_rpc_messaging: true }),
  };
}

/** An instance in `GET /mgmt/instances`. Trove: trove/extensions/mgmt/instances/views.py, MgmtInstanceView */
export function managedInstance(world: World, row: InstanceRow, to: Links): Json {
  return {
    ...detailedInstance(world, row, to, true, false),
    server: row.deletedUtc === null ? server(row) : null,
    service_status: row.service,
    deleted: row.deletedUtc !== null,
    deleted_at: row.deletedUtc === null ? null : troveTime(row.deletedUtc),
    task_description: taskDescription(row),
  };
}

/** `GET /mgmt/instances/{id}`. Trove: MgmtInstanceDetailView */
export function managedInstanceAlone(world: World, row: InstanceRow, to: Links): Json {
  const answers = !SILENT.has(statusOf(world, row));
  return {
    ...managedInstance(world, row, to),
    server: { ...server(row), addresses: {} },
    volume: {
      attachments: [],
      availability_zone: 'nova',
      created_at: '2026-01-01T00:00:00',
      id: row.volumeId,
      size: row.volumeGb,
      status: 'available',
      used: answers ? 0.16 : null,
      total: answers ? 4 : null,
    },
    guest_status: { state_description: row.service.toLowerCase() },
  };
}

const server = (row: InstanceRow): Json => ({
  id: row.serverId,
  name: 'server',
  status: row.serverStatus,
  tenant_id: 'hidden',
  host: `compute-${row.serverId.charAt(0)}`,
});

/** Trove: trove/backup/views.py, BackupView */
export function backupView({ trove }: World, row: BackupRow): Json {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    locationRef: row.location,
    instance_id: row.instanceId,
    created: troveTime(row.createdUtc),
    updated: troveTime(row.updatedUtc),
    size: row.sizeGb,
    status: row.status,
    parent_id: row.parentId,
    project_id: row.projectId,
    ...(trove === 'master' && { storage_driver: row.storageDriver }),
    datastore: { type: row.datastore.type, version: row.datastore.version, version_id: row.datastore.id },
  };
}

/** Trove: trove/datastore/views.py; `versions` are all of one datastore, its default first. */
export function datastoreView(versions: readonly DatastoreVersion[], to: Links): Json {
  const [first] = versions;
  const id = first?.datastoreId ?? '';
  return {
    id,
    name: first?.type ?? '',
    links: links(to, 'datastores', id),
    versions: versions.map((version) => versionInDatastore(version, to)),
    default_version: first?.id ?? null,
  };
}

const versionInDatastore = ({ id, version }: DatastoreVersion, to: Links): Json => ({
  id,
  name: version,
  version,
  links: links(to, 'datastores/versions', id),
});

export const datastoreVersionView = (version: DatastoreVersion, to: Links): Json => ({
  ...versionInDatastore(version, to),
  datastore: version.datastoreId,
});

/** Its id is a number here, and a text in an instance. Trove: trove/flavor/views.py */
export const flavorView = ({ id, ramMb, vcpus }: Flavor, to: Links): Json => ({
  id: Number(id),
  links: links(to, 'flavors', id),
  name: `db.${id}`,
  ram: ramMb,
  vcpus,
  disk: 20,
  ephemeral: 0,
  str_id: id,
});

/** Trove: trove/limits/views.py */
export function limitsView(world: World, caller: Caller, nextAvailable: string): Json {
  const { quotas, rates } = world;
  const rate = (verb: string, value: number, remaining: number, uri = '*', regex = '.*') => ({
    nextAvailable,
    remaining,
    unit: 'MINUTE',
    value,
    verb,
    uri,
    regex,
  });
  const absolute = {
    verb: 'ABSOLUTE',
    max_instances: quotas.of(caller.projectId, 'instances').limit,
    max_ram: quotas.of(caller.projectId, 'ram').limit,
    max_backups: quotas.of(caller.projectId, 'backups').limit,
    max_volumes: quotas.of(caller.projectId, 'volumes').limit,
  };
  const verbs = ['POST', 'PUT', 'DELETE', 'GET'];
  const perVerb = verbs.map((verb) => rate(verb, rates.shown, rates.remaining(caller.projectId, verb)));
  return { limits: [absolute, ...perVerb, rate('POST', 200, 200, '*/mgmt', '^/mgmt')] };
}
