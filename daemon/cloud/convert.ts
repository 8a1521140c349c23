import type { Backup, Datastore, Instance } from '../../lib/core/index.ts';
import type * as wire from '../../lib/openstack/index.ts';

/** Trove shows null while a datastore version is missing: then no backup would be possible, and none of ours matches. */
const datastoreOf = ({ type, version }: { type: string | null; version: string | null }): Datastore => ({
  type: type ?? 'unknown',
  version: version ?? 'unknown',
});

export function toInstance(from: wire.Instance): Instance {
  return {
    id: from.id,
    projectId: from.projectId,
    name: from.name,
    datastore: datastoreOf(from.datastore),
    status: from.status,
    replicaOf: from.replicaOf ?? null,
    clusterId: from.clusterId ?? null,
    createdUtc: from.createdUtc ?? 0,
  };
}

export function toBackup(from: wire.Backup): Backup {
  const { id, projectId, instanceId, parentId, name, description, status, createdUtc, updatedUtc, location } = from;
  const datastore = from.datastore ? datastoreOf(from.datastore) : null;
  // A cinder backup ignores its parent, whatever its location says.
  const where = from.storageDriver === 'cinder' ? `cinder://${location ?? ''}` : location;
  return {
    id,
    projectId,
    instanceId,
    parentId,
    name,
    description,
    status,
    createdUtc,
    updatedUtc,
    location: where,
    datastore,
  };
}
