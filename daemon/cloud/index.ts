import type { Instance } from '../../lib/core/index.ts';
import type { ProjectClient, Projects, RegionClient, Scope } from '../../lib/openstack/index.ts';
import type { CloudPort } from '../ports/cloud.ts';
import { absentAsNull, createAdmin } from './admin.ts';
import { toBackup, toInstance } from './convert.ts';
import { deleteOutcomeOf, namesOf, outcomeOf } from './errors.ts';
import { listing } from './odd.ts';
import { type Call, reader } from './read.ts';
import { createRegionReader } from './region.ts';
import { NoTrust, type Tenants } from './tenants.ts';

/** A hundred pages of a thousand are no matter of a minute. */
const REGION_BACKUPS_MS = 10 * 60_000;

export interface CloudOptions {
  readonly projects: Projects;
  /** Everything is written with a token of the instance's own project. */
  readonly tenants: Tenants;
  /** Where this service is admin, for reading. */
  readonly region: RegionClient;
  readonly home: Scope;
  /** For one read, its retries and pages included. */
  readonly readDeadlineMs: number;
  /** A region of more instances is read project by project. */
  readonly mostAtOnce?: number | undefined;
}

/** The engine's cloud over lib/openstack. */
export function createCloud({ projects, tenants, region, home, readDeadlineMs, mostAtOnce }: CloudOptions): CloudPort {
  const read = reader(readDeadlineMs);
  const readAll = reader(Math.max(readDeadlineMs, REGION_BACKUPS_MS));

  const admin = createAdmin(region);

  const readRegion = <T>(act: (call: Call) => Promise<T>, signal: AbortSignal): Promise<T> => read('', act, signal);

  function readTenant<T>(
    projectId: string,
    act: (project: ProjectClient, call: Call) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return read(projectId, (call) => tenants.within(projectId, signal, (project) => act(project, call)), signal);
  }

  /** Where no trust opens its project it is looked at as admin. */
  async function showInstance(projectId: string, id: string, call: Call): Promise<Instance | null> {
    try {
      return toInstance(await tenants.within(projectId, call.signal, ({ instances }) => instances.show(id, call)));
    } catch (error) {
      if (error instanceof NoTrust) return admin.instance(projectId, id, call);
      throw error;
    }
  }

  return {
    region: createRegionReader({ projects, tenants, region, home, read, mostAtOnce }),
    instance: (projectId, instanceId, signal) =>
      read(projectId, (call) => absentAsNull(instanceId, showInstance(projectId, instanceId, call)), signal),
    instanceAsAdmin: (projectId, instanceId, signal) =>
      readRegion((call) => admin.instance(projectId, instanceId, call), signal),
    backupsAsAdmin: (projectId, signal, onOdd) => readRegion((call) => admin.backups(projectId, call, onOdd), signal),
    backupAsAdmin: (projectId, backupId, signal) =>
      readRegion((call) => admin.backup(projectId, backupId, call), signal),
    isProjectGone: (projectId, signal) =>
      readRegion(async (call) => (await projects.show(projectId, home, call))?.enabled !== true, signal),
    projectId: (nameAtDomain, signal) => {
      const at = nameAtDomain.lastIndexOf('@');
      const named = { name: nameAtDomain.slice(0, at), domainName: nameAtDomain.slice(at + 1) };
      return readRegion((call) => projects.find(named, home, call), signal);
    },
    backups: (projectId, instanceId, signal, onOdd) => {
      const filter = instanceId === null ? {} : { instanceId };
      const list = async ({ backups }: ProjectClient, call: Call) =>
        (await backups.list(filter, listing(call, 'backup', onOdd))).items;
      return readTenant(projectId, async (project, call) => (await list(project, call)).map(toBackup), signal);
    },
    backup: (projectId, backupId, signal) => {
      const show = async ({ backups }: ProjectClient, call: Call) => toBackup(await backups.show(backupId, call));
      return readTenant(projectId, (project, call) => absentAsNull(backupId, show(project, call)), signal);
    },
    quota: (projectId, signal) =>
      readTenant(projectId, async (project, call) => (await project.quotas(call)).backups, signal),
    regionBackups: (keep, signal, onOdd) => {
      const list = async (call: Call) => (await region.backups({ keep }, listing(call, 'backup', onOdd))).items;
      return readAll('', async (call) => (await list(call)).map(toBackup), signal);
    },
    projectInstances: (projectId, signal, onOdd) => {
      const list = (call: Call) => region.instances({ projectId }, listing(call, 'instance', onOdd));
      return readRegion(async (call) => (await list(call)).items.map(toInstance), signal);
    },
    async deleteBackup(projectId, backupId, signal, commit = async () => true) {
      try {
        await tenants.within(projectId, signal, ({ backups }) =>
          backups.delete(backupId, { signal, beforeSend: committing(commit) }),
        );
        return { kind: 'accepted' };
      } catch (error) {
        if (error instanceof Withheld) return { kind: 'withheld' };
        if (error instanceof CommitFailed) throw error.cause;
        return deleteOutcomeOf(error, projectId, backupId);
      }
    },
    async createBackup({ projectId, instanceId, parentId, name, description }, signal, commit = async () => true) {
      const backup = { name, description, instanceId, ...(parentId === null ? {} : { parentId }) };
      try {
        const created = await tenants.within(projectId, signal, ({ backups }) =>
          backups.create(backup, { signal, beforeSend: committing(commit) }),
        );
        const { id, sentRequestId, requestId } = created;
        return { kind: 'accepted', backupId: id, request: { sent: sentRequestId, answered: requestId ?? null } };
      } catch (error) {
        if (error instanceof Withheld) return { kind: 'withheld' };
        if (error instanceof CommitFailed) throw error.cause;
        return { ...outcomeOf(error, projectId), request: namesOf(error) };
      }
    },
  };
}

class Withheld extends Error {}
class CommitFailed extends Error {}

/** Its errors are the caller's own, and must not be taken for the cloud's. */
function committing(commit: () => Promise<boolean>): () => Promise<void> {
  return async () => {
    const goes = await commit().catch((cause: unknown) => {
      throw new CommitFailed('the request could not be noted', { cause });
    });
    if (!goes) throw new Withheld('the request is not to go');
  };
}
