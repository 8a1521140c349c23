import { OpenStackError, type Projects, type Scope, type Trove } from '../../lib/openstack/index.ts';
import type { CloudPort } from '../ports/cloud.ts';
import { toBackup, toInstance } from './convert.ts';
import { deleteOutcomeOf, outcomeOf } from './errors.ts';
import { type Call, reader } from './read.ts';
import { createRegionReader } from './region.ts';

export interface CloudOptions {
  readonly projects: Projects;
  readonly trove: Trove;
  /** Where this service is admin, for reading. Everything is written with a token of the instance's own project. */
  readonly home: Scope;
  /** For one read, its retries and pages included. */
  readonly readDeadlineMs: number;
  /** A region of more instances is read project by project. */
  readonly mostAtOnce?: number;
}

/** The engine's cloud over lib/openstack. */
export function createCloud({ projects, trove, home, readDeadlineMs, mostAtOnce }: CloudOptions): CloudPort {
  const read = reader(readDeadlineMs);

  /** null only for Trove's own itemNotFound that names the very thing asked for. */
  async function readOne<T>(projectId: string, id: string, act: (call: Call) => Promise<T>, signal: AbortSignal) {
    const absentAsNull = async (call: Call): Promise<T | null> => {
      try {
        return await act(call);
      } catch (error) {
        if (error instanceof OpenStackError && error.code === 'not-found' && error.resourceId === id) return null;
        throw error;
      }
    };
    return read(projectId, absentAsNull, signal);
  }

  return {
    region: createRegionReader({ projects, trove, home, read, mostAtOnce }),
    instance: (projectId, instanceId, signal) => {
      const { instances } = trove.project({ projectId });
      return readOne(projectId, instanceId, async (call) => toInstance(await instances.show(instanceId, call)), signal);
    },
    projectId: (nameAtDomain, signal) => {
      const at = nameAtDomain.lastIndexOf('@');
      const named = { name: nameAtDomain.slice(0, at), domainName: nameAtDomain.slice(at + 1) };
      return read('', (call) => projects.find(named, home, call), signal);
    },
    backups: (projectId, instanceId, signal) => {
      const { backups } = trove.project({ projectId });
      const filter = instanceId === null ? {} : { instanceId };
      return read(projectId, async (call) => (await backups.list(filter, call)).items.map(toBackup), signal);
    },
    backup: (projectId, backupId, signal) => {
      const { backups } = trove.project({ projectId });
      return readOne(projectId, backupId, async (call) => toBackup(await backups.show(backupId, call)), signal);
    },
    quota: (projectId, signal) =>
      read(projectId, async (call) => (await trove.project({ projectId }).quotas(call)).backups, signal),
    regionBackups: (signal) =>
      read(
        '',
        async (call) => (await trove.region(home).backups({ projectId: 'all' }, call)).items.map(toBackup),
        signal,
      ),
    projectInstances: (projectId, signal) =>
      read('', async (call) => (await trove.region(home).instances({ projectId }, call)).items.map(toInstance), signal),
    async deleteBackup(projectId, backupId, signal) {
      try {
        await trove.project({ projectId }).backups.delete(backupId, { signal });
        return { kind: 'accepted' };
      } catch (error) {
        return deleteOutcomeOf(error, projectId, backupId);
      }
    },
    async createBackup({ projectId, instanceId, parentId, name, description }, signal) {
      const backup = { name, description, instanceId, ...(parentId === null ? {} : { parentId }) };
      try {
        const created = await trove.project({ projectId }).backups.create(backup, { signal });
        return { kind: 'accepted', backupId: created.id };
      } catch (error) {
        return outcomeOf(error, projectId);
      }
    },
  };
}
