import { inject } from 'vitest';
import { regionAt } from '../region/region.ts';
import type { ContractTarget } from './target.ts';
import { describeTrove } from './trove-contract.ts';

/** Puts back what the tests turned, for the files that come after. */
const AS_IT_WAS = { backup_s: 2, prepare_s: 1, fail: [], stuck: [], swift_down: false } as const;

async function openRegion(): Promise<ContractTarget> {
  const region = regionAt(inject('region'));
  await region.control({ ...AS_IT_WAS, prepare_s: 0.1 });
  return {
    authUrl: region.authUrl,
    fetch,
    timings: { everyMs: 200, withinMs: 60_000, silenceMs: 3000 },
    project: async (name) => {
      await region.project(name);
    },
    control: async ({ backupMs, fail, stuck, swiftDown, busDown }) => {
      await region.control({
        ...(backupMs !== undefined && { backup_s: backupMs / 1000 }),
        ...(fail !== undefined && { fail }),
        ...(stuck !== undefined && { stuck }),
        ...(swiftDown !== undefined && { swift_down: swiftDown }),
      });
      if (busDown === true) await region.kill('rabbitmq');
      if (busDown === false) await region.returnBroker();
    },
    close: () => region.control(AS_IT_WAS),
  };
}

describeTrove('a real region', openRegion);
