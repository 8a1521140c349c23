import type { Datastore } from '../../lib/core/index.ts';
import {
  createGivenKeystone,
  createNeutron,
  createTrove,
  GIVEN_SCOPE,
  type KeystoneEndpoint,
  type Network,
  type ProjectClient,
} from '../../lib/openstack/index.ts';
import type { CallerCloud, CallerToken } from '../ports/caller-cloud.ts';
import type { Clock } from '../ports/clock.ts';
import { absentAsNull } from './admin.ts';
import { asCaller } from './caller-errors.ts';
import { toBackup } from './convert.ts';
import { listing } from './odd.ts';

/** Somebody waits for the answer. */
const READ = { deadlineMs: 10_000 };
/** With its bus away Trove does not answer at all, and carries it out later. */
const WRITE = { deadlineMs: 12_000 };
/** So long Keystone's word on a token is gone by; the services ask for themselves. */
const KNOWN_MS = 60_000;
const MOST_KNOWN = 1_000;

/** Where Keystone is and which endpoints are meant, as for the service itself. */
export interface CallerCloudOptions {
  readonly endpoint: KeystoneEndpoint;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

interface Client {
  readonly project: ProjectClient;
  readonly networks: () => Promise<readonly Network[] | null>;
  readonly untilMs: number;
}

/** The cloud in the name of whoever calls. */
export function createCallerCloud({ endpoint, clock }: CallerCloudOptions): CallerCloud {
  /** By project and token: each is shown to Keystone once a minute. */
  const known = new Map<string, Client>();

  function open({ projectId, token }: CallerToken): Client {
    const keystone = createGivenKeystone({ ...endpoint, token });
    const neutron = createNeutron(keystone, endpoint);
    return {
      project: createTrove(keystone, endpoint).project({ projectId }),
      networks: () => neutron.networks(GIVEN_SCOPE, READ),
      untilMs: clock.monotonicMs() + KNOWN_MS,
    };
  }

  function clientOf(caller: CallerToken): Client {
    const key = `${caller.projectId} ${caller.token()}`;
    const found = known.get(key);
    const nowMs = clock.monotonicMs();
    if (found && found.untilMs > nowMs) return found;
    for (const [old, { untilMs }] of known) if (untilMs <= nowMs || known.size >= MOST_KNOWN) known.delete(old);
    const client = open(caller);
    known.set(key, client);
    return client;
  }

  const read = <T>(caller: CallerToken, act: (project: ProjectClient) => Promise<T>): Promise<T> =>
    asCaller(false, () => act(clientOf(caller).project));
  const write = <T>(caller: CallerToken, act: (project: ProjectClient) => Promise<T>): Promise<T> =>
    asCaller(true, () => act(clientOf(caller).project));

  return {
    backups: (caller, onOdd) =>
      read(caller, async ({ backups }) => {
        const { items } = await backups.list({}, listing(READ, 'backup', onOdd));
        return items.map((row) => ({ ...toBackup(row), sizeGib: row.sizeGib }));
      }),
    original: (caller, id) =>
      read(caller, async ({ instances }) => {
        const found = await absentAsNull(id, instances.show(id, READ));
        return found && { flavorId: found.flavorId ?? null, volumeSizeGib: found.volumeSizeGib ?? null };
      }),
    flavors: (caller, datastore) =>
      read(caller, async (project) => {
        const version = datastore && (await versionOf(project, datastore));
        const rows = await project.flavors.list(version ? { datastore: version } : {}, READ);
        return rows.map(({ id, name, ramMib }) => ({ id, name, ramMib }));
      }),
    networks: (caller) =>
      asCaller(false, async () => {
        const rows = await clientOf(caller).networks();
        // An admin is shown everybody's.
        const mine = rows?.filter(({ projectId, shared }) => shared || projectId === caller.projectId);
        const usable = mine?.filter(({ shared, external }) => shared || external !== true);
        return usable?.map(({ id, name }) => ({ id, name })) ?? null;
      }),
    deleteBackup: (caller, id) => write(caller, ({ backups }) => backups.delete(id, WRITE)),
    restore: (caller, { backupId, name, flavorId, volumeSizeGib, datastore, networkId }) =>
      write(caller, async ({ instances }) => {
        const network = networkId === null ? {} : { networkId };
        const fresh = { name, flavorId, volumeSizeGib, datastore, restoreBackupId: backupId, ...network };
        const { id, status, ...made } = await instances.create(fresh, WRITE);
        return { id, name: made.name, status };
      }),
  };
}

/** null for a version that is offered no more: Trove says of that what it thinks when it is asked for. */
async function versionOf({ datastores }: ProjectClient, { type, version }: Datastore) {
  const found = (await datastores.list(READ)).find(({ name }) => name === type);
  const versionId = found?.versions.find(({ name }) => name === version)?.id;
  return found && versionId !== undefined ? { id: found.id, versionId } : null;
}
