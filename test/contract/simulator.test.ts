import { createRegion, type Region } from '../../lib/simulator/index.ts';
import type { ContractSettings, ContractTarget } from './target.ts';
import { describeTrove } from './trove-contract.ts';

/** How many times faster than the real region the simulator runs here. */
const HASTE = 10;

function openSimulator(): Promise<ContractTarget> {
  const region = createRegion({
    prepareMs: 50,
    backupStartMs: 5,
    snapshotMs: 20,
    deleteBackupMs: 5,
    deleteInstanceMs: 5,
    restartMs: 20,
    guestMs: 20,
    resizeMs: 100,
    replicationMs: 20,
    heartbeatMs: 100,
  });
  region.seedStandardIdentities();
  return Promise.resolve({
    authUrl: region.authUrl,
    fetch: region.fetch,
    timings: { everyMs: 5, withinMs: 5000, silenceMs: 50 },
    project: async (name) => {
      const { id } = region.createProject({ name });
      region.grant(region.createUser({ name, password: name }).id, 'member', id);
    },
    control: async (settings) => apply(region, settings),
    hear: async (listener) => {
      region.onNotification(({ body }) => listener(body));
    },
    service: async (id, service) => region.changeInstance(id, { service }),
    restored: async (projectId, name) => region.createBackup({ instanceId: null, projectId, name }).id,
    close: async () => {},
  });
}

function apply(region: Region, settings: ContractSettings): void {
  const { control } = region;
  const { backupMs, fail, stuck, silent, withoutService, restartRequired, clustered, ...switches } = settings;
  if (backupMs !== undefined) control.timings = { ...control.timings, backupMs: backupMs / HASTE };
  if (fail !== undefined) replace(control.failBackupsOf, fail);
  if (stuck !== undefined) replace(control.stuckBackupsOf, stuck);
  if (silent !== undefined) replace(control.silent, silent);
  if (withoutService !== undefined) replace(control.withoutService, withoutService);
  for (const id of restartRequired ?? []) region.changeInstance(id, { task: 'RESTART_REQUIRED' });
  if (clustered !== undefined) {
    for (const { id, clusterId, deletedUtc } of region.instances()) {
      const wanted = clustered.includes(id) ? 'a-cluster' : null;
      if (deletedUtc === null && clusterId !== wanted) region.changeInstance(id, { clusterId: wanted });
    }
  }
  Object.assign(control, switches);
}

function replace(set: Set<string>, ids: readonly string[]): void {
  set.clear();
  for (const id of ids) set.add(id);
}

describeTrove('the simulator', openSimulator);
