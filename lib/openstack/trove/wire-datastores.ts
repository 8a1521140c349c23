import { z } from 'zod';
import type { Datastore, DatastoreVersion, Flavor } from '../types.ts';

/** Trove: trove/datastore/views.py DatastoreVersionView */
const versionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    version: z.string().nullish(),
    active: z.boolean().nullish(),
  })
  .transform(
    ({ id, name, version, active }): DatastoreVersion => ({
      id,
      name,
      ...(version != null && { version }),
      ...(active != null && { active }),
    }),
  );

/** Trove: trove/datastore/views.py DatastoreView */
const datastoreSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    default_version: z.string().nullish(),
    versions: z.array(versionSchema),
  })
  .transform(
    ({ id, name, versions, default_version: defaultVersionId }): Datastore => ({
      id,
      name,
      versions,
      ...(defaultVersionId != null && { defaultVersionId }),
    }),
  );

export const oneDatastore = z.object({ datastore: datastoreSchema }).transform(({ datastore }) => datastore);
export const allDatastores = z.object({ datastores: z.array(datastoreSchema) }).transform((body) => body.datastores);
export const allVersions = z.object({ versions: z.array(versionSchema) }).transform(({ versions }) => versions);

/** Trove: trove/flavor/views.py FlavorView. Its `id` is null for a flavor whose id is no number; `str_id` never is. */
const flavorSchema = z
  .object({
    str_id: z.string(),
    name: z.string(),
    ram: z.number(),
    vcpus: z.number().nullish(),
    disk: z.number().nullish(),
  })
  .transform(
    ({ str_id: id, name, ram: ramMib, vcpus, disk: diskGib }): Flavor => ({
      id,
      name,
      ramMib,
      ...(vcpus != null && { vcpus }),
      ...(diskGib != null && { diskGib }),
    }),
  );

export const oneFlavor = z.object({ flavor: flavorSchema }).transform(({ flavor }) => flavor);
export const allFlavors = z.object({ flavors: z.array(flavorSchema) }).transform(({ flavors }) => flavors);
