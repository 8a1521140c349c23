import { z } from 'zod';
import { linksSchema } from '../pages.ts';
import { utcSchema } from '../time.ts';
import type { Backup, Instance, Limits, Quotas } from '../types.ts';
import { rowsOf } from './rows.ts';

/** Trove's JSON, and what it becomes. Fields not named here are dropped; values of unknown meaning pass through. */

const refSchema = z.object({ id: z.string() });

/** Trove: trove/instance/views.py, trove/extensions/mgmt/instances/views.py */
const instanceSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  operating_status: z.string().nullish(),
  tenant_id: z.string().nullish(),
  datastore: z.object({
    type: z.string().nullable(),
    version: z.string().nullable(),
    version_number: z.string().nullish(),
  }),
  replica_of: refSchema.nullish(),
  replicas: z.array(refSchema).nullish(),
  cluster_id: z.string().nullish(),
  created: utcSchema.nullish(),
  updated: utcSchema.nullish(),
  region: z.string().nullish(),
  flavor: refSchema.nullish(),
  volume: z.object({ size: z.number().nullish() }).nullish(),
  deleted: z.boolean().nullish(),
});

/** To an admin the token's project says nothing of whose an instance is. */
const anyonesInstanceSchema = instanceSchema.extend({ tenant_id: z.string() });

/** Trove: trove/backup/views.py */
const backupSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: z.string(),
  instance_id: z.string().nullable(),
  parent_id: z.string().nullable(),
  project_id: z.string(),
  created: utcSchema,
  updated: utcSchema,
  size: z.number().nullable(),
  locationRef: z.string().nullable(),
  datastore: z.object({ type: z.string(), version: z.string(), version_id: z.string() }).nullish(),
  storage_driver: z.string().nullish(),
});

export const oneInstance = z.object({ instance: instanceSchema });
export const anyonesInstance = z.object({ instance: anyonesInstanceSchema });
export const instancePage = (loose: boolean) =>
  z.object({ instances: rowsOf('instances', instanceSchema, loose), links: linksSchema });
export const anyonesInstancePage = (loose: boolean) =>
  z.object({ instances: rowsOf('instances', anyonesInstanceSchema, loose), links: linksSchema });
export const oneBackup = z.object({ backup: backupSchema });
export const backupPage = (loose: boolean) =>
  z.object({ backups: rowsOf('backups', backupSchema, loose), links: linksSchema });

/** A project's own token is not told `tenant_id`, and sees only its own instances. */
export function toInstance(wire: z.infer<typeof instanceSchema>, tokenProjectId: string): Instance {
  return {
    id: wire.id,
    name: wire.name,
    status: wire.status,
    projectId: wire.tenant_id ?? tokenProjectId,
    datastore: {
      type: wire.datastore.type,
      version: wire.datastore.version,
      ...known('versionNumber', wire.datastore.version_number),
    },
    replicas: (wire.replicas ?? []).map(({ id }) => id),
    ...known('operatingStatus', wire.operating_status),
    ...known('replicaOf', wire.replica_of?.id),
    ...known('clusterId', wire.cluster_id),
    ...known('createdUtc', wire.created),
    ...known('updatedUtc', wire.updated),
    ...known('regionName', wire.region),
    ...known('flavorId', wire.flavor?.id),
    ...known('volumeSizeGib', wire.volume?.size),
    ...known('deleted', wire.deleted),
  };
}

export function toBackup(wire: z.infer<typeof backupSchema>): Backup {
  const { datastore } = wire;
  return {
    id: wire.id,
    name: wire.name,
    description: wire.description,
    status: wire.status,
    instanceId: wire.instance_id,
    parentId: wire.parent_id,
    projectId: wire.project_id,
    createdUtc: wire.created,
    updatedUtc: wire.updated,
    sizeGib: wire.size,
    location: wire.locationRef,
    ...known(
      'datastore',
      datastore && { type: datastore.type, version: datastore.version, versionId: datastore.version_id },
    ),
    ...known('storageDriver', wire.storage_driver),
  };
}

/** Absent where the service says null or nothing. */
function known<K extends string, T>(key: K, value: T | null | undefined): { readonly [P in K]?: T } {
  // The cast is what TypeScript cannot see: a computed key of type K is the property K.
  return value === null || value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}

/** Trove: trove/extensions/mgmt/quota/views.py QuotaUsageView */
export const quotasSchema = z
  .object({
    quotas: z.array(z.object({ resource: z.string(), in_use: z.number(), reserved: z.number(), limit: z.number() })),
  })
  .transform(({ quotas }, context): Quotas => {
    const backups = quotas.find(({ resource }) => resource === 'backups');
    if (backups === undefined) {
      context.addIssue({ code: 'custom', path: ['quotas'], message: 'has no "backups"' });
      return z.NEVER;
    }
    return { backups: { inUse: backups.in_use, reserved: backups.reserved, limit: backups.limit } };
  });

/** Trove: trove/limits/views.py. One row is ABSOLUTE, the others are the rates of each verb. */
const limitSchema = z.union([
  z.object({ verb: z.literal('ABSOLUTE'), max_backups: z.number().optional() }).transform((row) => ({ absolute: row })),
  z
    .object({
      verb: z.string(),
      uri: z.string(),
      value: z.number(),
      remaining: z.number(),
      unit: z.string(),
      nextAvailable: utcSchema,
    })
    .transform(({ nextAvailable, ...rate }) => ({ rate: { ...rate, nextAvailableUtc: nextAvailable } })),
]);

export const limitsSchema = z.object({ limits: z.array(limitSchema) }).transform(
  ({ limits }): Limits => ({
    maxBackups: limits.flatMap((row) => ('absolute' in row ? [row.absolute.max_backups] : []))[0],
    rates: limits.flatMap((row) => ('rate' in row ? [row.rate] : [])),
  }),
);
