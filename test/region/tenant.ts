// A tenant of a region: acts through Trove's API with a token of its own, by nothing but fetch. So tests see what
// Trove says, and not what this project's own client makes of it.
import { type Endpoints, type Login, logIn } from './session.ts';

/** An instance or a backup as Trove tells it. */
export interface Resource {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

export interface InstanceRequest {
  readonly name: string;
  readonly datastore?: string;
  readonly version?: string;
  readonly flavor?: string;
  /** Its volume, in GB. */
  readonly volume?: number;
  /** The id of the instance to replicate. */
  readonly replicaOf?: string;
  readonly nics?: readonly Readonly<Record<string, string>>[];
  /** The id of the backup to restore. */
  readonly restore?: string;
}

export interface BackupRequest {
  readonly name: string;
  readonly instance: string;
  readonly description?: string;
  readonly parent_id?: string;
  readonly incremental?: number;
}

/** Asks again and again until there is something; what the last answer was is in the error. */
export async function waitFor<T>(
  look: () => Promise<T | undefined | false>,
  { timeoutMs = 30_000, everyMs = 200 }: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not so within ${timeoutMs} ms: ${look}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

export async function tenant(region: Endpoints, login: Login) {
  const { projectId, request } = await logIn(region, login);

  async function expected(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await request(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} gave ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  // Trove makes a project's rows of quota at their first use, and two first uses at once are a 500.
  await request('GET', `/mgmt/quotas/${projectId}`);

  const showInstance = async (id: string) =>
    ((await expected('GET', `/instances/${id}`)) as { instance: Resource }).instance;

  const showBackup = async (id: string) => ((await expected('GET', `/backups/${id}`)) as { backup: Resource }).backup;

  async function createInstance(wanted: InstanceRequest): Promise<Resource> {
    const { name, datastore = 'mysql', version, flavor = '1', volume = 1, replicaOf, nics, restore } = wanted;
    // A replica takes flavor, volume and datastore from its master, and Trove refuses to be told them again.
    const kind = replicaOf
      ? { replica_of: replicaOf }
      : { flavorRef: flavor, volume: { size: volume }, datastore: { type: datastore, ...(version && { version }) } };
    const instance = {
      name,
      ...kind,
      ...(nics && { nics }),
      ...(restore && { restorePoint: { backupRef: restore } }),
    };
    return ((await expected('POST', '/instances', { instance })) as { instance: Resource }).instance;
  }

  return {
    projectId,
    request,
    createInstance,
    showInstance,
    /** Creates it, and waits until it is ACTIVE. */
    createActive: async (wanted: InstanceRequest) => {
      const { id } = await createInstance(wanted);
      return waitFor(async () => {
        const instance = await showInstance(id);
        return instance.status === 'ACTIVE' && instance;
      });
    },
    deleteInstance: (id: string) => expected('DELETE', `/instances/${id}`),
    /** A replica becomes an instance of its own. */
    detachReplica: (id: string) => expected('PATCH', `/instances/${id}`, { instance: { replica_of: '' } }),
    /** At most the newest 1000. */
    backups: async (instanceId?: string) => {
      const path = instanceId ? `/instances/${instanceId}/backups?limit=1000` : '/backups?limit=1000';
      return ((await expected('GET', path)) as { backups: readonly Resource[] }).backups;
    },
    showBackup,
    createBackup: async (backup: BackupRequest) =>
      ((await expected('POST', '/backups', { backup })) as { backup: Resource }).backup,
    /** Waits until it is COMPLETED or FAILED. */
    endOfBackup: (id: string) =>
      waitFor(async () => {
        const backup = await showBackup(id);
        return ['COMPLETED', 'FAILED'].includes(backup.status) && backup;
      }),
    deleteBackup: (id: string) => expected('DELETE', `/backups/${id}`),
    waitFor,
  };
}

export type Tenant = Awaited<ReturnType<typeof tenant>>;
