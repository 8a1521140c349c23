import { createRegion } from '../../lib/simulator/index.ts';
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
    control: async (settings) => apply(region.control, settings),
    close: async () => {},
  });
}

function apply(control: ReturnType<typeof createRegion>['control'], settings: ContractSettings): void {
  const { backupMs, fail, stuck, swiftDown, busDown } = settings;
  if (backupMs !== undefined) control.timings = { ...control.timings, backupMs: backupMs / HASTE };
  if (fail !== undefined) replace(control.failBackupsOf, fail);
  if (stuck !== undefined) replace(control.stuckBackupsOf, stuck);
  if (swiftDown !== undefined) control.swiftDown = swiftDown;
  if (busDown !== undefined) control.busDown = busDown;
}

function replace(set: Set<string>, ids: readonly string[]): void {
  set.clear();
  for (const id of ids) set.add(id);
}

describeTrove('the simulator', openSimulator);
