import Database from 'better-sqlite3';
import { afterEach } from 'vitest';
import { createCallerCloud } from '../../../daemon/cloud/caller.ts';
import type { Api } from '../../../daemon/http/api/server.ts';
import { createReads } from '../../../daemon/http/reads.ts';
import { backupRoutes } from '../../../daemon/http/routes/backups.ts';
import { deletionRoutes } from '../../../daemon/http/routes/deletion.ts';
import { demandRoutes } from '../../../daemon/http/routes/demands.ts';
import { holdRoutes } from '../../../daemon/http/routes/holds.ts';
import { pruneRoutes } from '../../../daemon/http/routes/prunes.ts';
import { restoreRoutes } from '../../../daemon/http/routes/restore.ts';
import type { CallerCloud, CallerToken } from '../../../daemon/ports/caller-cloud.ts';
import { listingStore } from '../../../daemon/store/listing.ts';
import { askForToken, tokenOf } from '../../contract/user.ts';
import type { Life } from '../../engine/life.ts';
import { openWorld, type World, type WorldOptions } from '../../engine/world.ts';
import { type Answer, answerOf } from '../answer.ts';
import { labApi } from '../api/lab.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export interface Sent {
  readonly as?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The web service over a whole engine and a simulated region, with callers whom Keystone knows. */
export interface WorldLab {
  readonly world: World;
  /** `alt`, another project. */
  readonly other: string;
  /** `as`: a role at a project; a member of `demo` unless it is said. */
  ask(method: Method, url: string, sent?: Sent): Promise<Answer>;
  /** What there is in the audit, the newest first. */
  audit(): Promise<readonly { action: string; targetId: string; projectId: string; before: unknown; ended: unknown }[]>;
  /** Stands between the routes and the cloud in the caller's name. */
  cloudIs(change: (cloud: CallerCloud) => Partial<CallerCloud>): void;
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** Every call by a token that was just got: days pass here. */
function freshly(world: World, inner: CallerCloud): CallerCloud {
  const { region } = world;
  const projects = () => region.projects();
  const users = new Set<string>();
  async function real({ projectId }: CallerToken): Promise<CallerToken> {
    const project = projects().find(({ id }) => id === projectId)?.name ?? '';
    const name = `user-of-${project}`;
    if (!users.has(name)) region.grant(region.createUser({ name, password: name }).id, 'member', projectId);
    users.add(name);
    const place = { authUrl: region.authUrl, fetch: region.fetch };
    const id = tokenOf(await askForToken(place, { name, password: name, project }));
    return { projectId, token: () => id };
  }
  return {
    backups: async (caller, onOdd) => inner.backups(await real(caller), onOdd),
    original: async (caller, id) => inner.original(await real(caller), id),
    flavors: async (caller, datastore) => inner.flavors(await real(caller), datastore),
    networks: async (caller) => inner.networks(await real(caller)),
    deleteBackup: async (caller, id) => inner.deleteBackup(await real(caller), id),
    restore: async (caller, order) => inner.restore(await real(caller), order),
  };
}

export function worldLab(options: WorldOptions = {}): WorldLab {
  const world = openWorld(options);
  const { region, clock, service } = world;
  const other = region.createProject({ name: 'alt' }).id;
  const endpoint = { authUrl: region.authUrl, fetch: region.fetch, now: clock.nowUtc };
  const whole = freshly(world, createCallerCloud({ endpoint, clock }));
  let callerCloud = whole;
  let api: Api | null = null;
  let of: Life | null = null;

  /** Of the life that runs: it is opened anew after each start. */
  function current(): Api {
    if (!api || of !== service.life()) api = open();
    of = service.life();
    return api;
  }

  function open(): Api {
    const { store, inspect, projectWork, holds, onDemand, cloud } = service.life();
    const reader = new Database(service.path, { readonly: true });
    const reads = createReads(listingStore(reader));
    const { audit, marks, explaining, restores } = store;
    const asTold: CallerCloud = {
      backups: (...given) => callerCloud.backups(...given),
      original: (...given) => callerCloud.original(...given),
      flavors: (...given) => callerCloud.flavors(...given),
      networks: (...given) => callerCloud.networks(...given),
      deleteBackup: (...given) => callerCloud.deleteBackup(...given),
      restore: (...given) => callerCloud.restore(...given),
    };
    const deps = { audit, restores, clock, marks, explaining, inspect, projectWork, holds, onDemand, cloud, reads };
    const all = { ...deps, callerCloud: asTold, graceMs: () => 24 * 3_600_000, turnMs: 1_000 };
    const made = labApi(
      backupRoutes(all),
      deletionRoutes(all),
      demandRoutes(all),
      holdRoutes(all),
      pruneRoutes(all),
      restoreRoutes(all),
    );
    cleanups.push(async () => {
      await made.close();
      reader.close();
    });
    return made;
  }

  return {
    world,
    other,
    async ask(method, url, { as = `member@${world.project}`, body, headers = {} } = {}) {
      const answer = await current().inject({
        method,
        url,
        headers: { 'x-auth-token': as, ...headers },
        ...(body && { payload: body }),
      });
      return answerOf(answer);
    },
    audit: () => service.life().store.audit.entries({ projectId: null, targetId: null, limit: 100, before: null }),
    cloudIs(change) {
      callerCloud = { ...whole, ...change(whole) };
    },
  };
}
