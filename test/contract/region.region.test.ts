import { inject } from 'vitest';
import { type Region, regionAt, type Settings } from '../region/region.ts';
import { addRestored, listenTo, setService, sqlFor } from './region-target.ts';
import type { ContractSettings, ContractTarget } from './target.ts';
import { describeTrove } from './trove-contract.ts';

/** Puts back what the tests turned, for the files that come after. */
const AS_IT_WAS = {
  backup_s: 2,
  prepare_s: 1,
  fail: [],
  stuck: [],
  silent: [],
  swift_down: false,
  swift_lost: false,
  nova_down: false,
} as const;

async function openRegion(): Promise<ContractTarget> {
  const region = regionAt(inject('region'));
  await region.control({ ...AS_IT_WAS, prepare_s: 0.1 });
  const endings: (() => Promise<void>)[] = [];
  return {
    authUrl: region.authUrl,
    fetch,
    timings: { everyMs: 200, withinMs: 60_000, silenceMs: 3000 },
    project: async (name) => {
      await region.project(name);
    },
    control: (settings) => apply(region, settings),
    hear: async (listener) => {
      endings.push(await listenTo(region, listener));
    },
    service: (id, status) => setService(region, id, status),
    restored: (projectId, name) => addRestored(region, projectId, name),
    close: async () => {
      for (const end of endings) await end();
      await region.control(AS_IT_WAS);
    },
  };
}

async function apply(region: Region, settings: ContractSettings): Promise<void> {
  const standIns = settingsOf(settings);
  if (Object.keys(standIns).length > 0) await region.control(standIns);
  const statements = sqlFor(settings);
  if (statements.length > 0) await region.sql(statements.join('; '));
  if (settings.taskManagerDown === true) await region.freeze('taskmanager');
  if (settings.taskManagerDown === false) await region.thaw('taskmanager');
  if (settings.busDown === true) await region.kill('rabbitmq');
  if (settings.busDown === false) await region.returnBroker();
}

const settingsOf = ({ backupMs, fail, stuck, silent, swiftDown, swiftLost, novaDown }: ContractSettings): Settings => ({
  ...(backupMs !== undefined && { backup_s: backupMs / 1000 }),
  ...(fail !== undefined && { fail }),
  ...(stuck !== undefined && { stuck }),
  ...(silent !== undefined && { silent }),
  ...(swiftDown !== undefined && { swift_down: swiftDown }),
  ...(swiftLost !== undefined && { swift_lost: swiftLost }),
  ...(novaDown !== undefined && { nova_down: novaDown }),
});

describeTrove('a real region', openRegion);
