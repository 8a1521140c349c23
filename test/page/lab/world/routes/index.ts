import type { Api } from '../../../../../daemon/http/api/server.ts';
import { viewReason } from '../../../../../daemon/http/api/view.ts';
import type { Language, Reason } from '../../../../../lib/core/index.ts';
import type { World } from '../world.ts';
import { backupRoutes } from './backup.ts';
import { instanceRoutes } from './instance.ts';
import { policyRoutes } from './policy.ts';
import { runRoutes } from './run.ts';
import { scheduleRoutes } from './schedule.ts';

/** The API of one world, by the contract's own schemas: what does not fit them fails. */
export const routesOf = (current: () => World) => (api: Api) => {
  const world = live(current);
  api.addHook('preSerialization', async ({ language }, _reply, payload) => retold(payload, language));
  instanceRoutes(api, world);
  scheduleRoutes(api, world);
  backupRoutes(api, world);
  runRoutes(api, world);
  policyRoutes(api, world);
};

/** Facts have their reasons in English: here they get the language that was asked for. */
function retold(it: unknown, language: Language): unknown {
  if (Array.isArray(it)) return it.map((each) => retold(each, language));
  if (typeof it !== 'object' || it === null) return it;
  if ('rule' in it && 'params' in it) return viewReason(it as Reason, language);
  return Object.fromEntries(Object.entries(it).map(([name, value]) => [name, retold(value, language)]));
}

/** The world as it is when it is asked for. */
const live = (current: () => World): World =>
  new Proxy({} as World, {
    get: (_, name) => {
      const world = current();
      const value: unknown = Reflect.get(world, name);
      return typeof value === 'function' ? value.bind(world) : value;
    },
  });
