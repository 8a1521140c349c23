import type { Backup, Instance } from '../../lib/core/index.ts';
import { OpenStackError, type RegionClient } from '../../lib/openstack/index.ts';
import type { OnOdd } from '../ports/cloud.ts';
import { toBackup, toInstance } from './convert.ts';
import { listing } from './odd.ts';
import type { Call } from './read.ts';

/** What an admin sees of a project that may have shut this service out. */
export interface Admin {
  instance(projectId: string, id: string, call: Call): Promise<Instance | null>;
  backups(projectId: string, call: Call, onOdd?: OnOdd): Promise<readonly Backup[]>;
  backup(projectId: string, id: string, call: Call): Promise<Backup | null>;
}

/** What such a list holds is of no matter. */
const proving: OnOdd = () => undefined;

/**
 * To whom is no admin (any more) Trove says 404 of what is another project's. So one is believed only after a list that
 * none but an admin is given.
 */
export function createAdmin(region: RegionClient): Admin {
  const backups = async (projectId: string, call: Call, onOdd?: OnOdd) =>
    (await region.backups({ projectId }, listing(call, 'backup', onOdd))).items.map(toBackup);
  return {
    backups,
    async instance(projectId, id, call) {
      const found = await absentAsNull(id, region.instance(id, call));
      if (found !== null) return found.projectId === projectId ? toInstance(found) : null;
      await backups(projectId, call, proving);
      return null;
    },
    async backup(projectId, id, call) {
      const found = await absentAsNull(id, region.backup(id, call));
      if (found !== null) return toBackup(found);
      await backups(projectId, call, proving);
      return null;
    },
  };
}

/** null only for Trove's own itemNotFound that names the very thing asked for. */
export async function absentAsNull<T>(id: string, work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OpenStackError && error.code === 'not-found' && error.resourceId === id) return null;
    throw error;
  }
}
