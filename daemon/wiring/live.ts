import type { HttpOptions, KeystoneEndpoint } from '../../lib/openstack/index.ts';
import { createBuckets } from '../cloud/budget.ts';
import { difference, keepHeld } from '../config/difference.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Settings } from '../engine/settings.ts';
import { ExitError } from '../exit.ts';
import type { IdentityPort } from '../http/auth/identity.ts';
import type { ProjectsPort } from '../http/project-names.ts';
import type { CallerCloud } from '../ports/caller-cloud.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import type { Log } from '../ports/log.ts';
import { buildCallerCloud, buildCloud } from './cloud.ts';
import { exchangeable } from './exchange.ts';
import { buildIdentity, buildProjects } from './identity.ts';
import { engineSettings } from './settings.ts';

export interface LiveOptions {
  readonly config: Config;
  readonly http: Pick<HttpOptions, 'fetch' | 'onAnswer'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly setLogLevel: (level: Config['log']['level']) => void;
}

/** The configuration in use, and what is made of it; a reload swaps all of it in one step. */
export interface Live {
  readonly cloud: CloudPort;
  readonly callerCloud: CallerCloud;
  readonly identity: IdentityPort;
  readonly projects: ProjectsPort;
  /** Where people sign in. */
  readonly endpoint: () => KeystoneEndpoint;
  readonly settings: Settings;
  readonly http: () => Config['http'];
  /** False where the old one stays in use: `load` threw, which is told. */
  reload(load: () => LoadedConfig): boolean;
}

export function tellExposed(log: Log, files: readonly string[] = []): void {
  for (const file of files) log.warn('config.exposed', { file, hint: `any user may read it; run: chmod o-r ${file}` });
}

export function createLive({ config, http, clock, log, setLogLevel }: LiveOptions): Live {
  let current = config;
  let settings = engineSettings(config);
  // A reload gives nobody his share a second time.
  const parts = { ...http, clock, buckets: createBuckets(clock) };
  const cloud = exchangeable(buildCloud(config, parts));
  const callerCloud = exchangeable(buildCallerCloud(config.keystone, parts));
  const identity = exchangeable(buildIdentity(config.keystone, http));
  const projects = exchangeable(buildProjects(config.keystone, http));
  setLogLevel(config.log.level);

  function refused(error: unknown): false {
    const told =
      error instanceof ExitError ? { problems: error.message.split('\n').map((line) => line.trim()) } : { err: error };
    log.error('config.refused', { ...told, hint: 'the old configuration stays in use; correct it and reload again' });
    return false;
  }

  function use({ config: next, exposed }: LoadedConfig): boolean {
    const { changed, held } = difference(current, next);
    if (held.length > 0) {
      log.warn('config.refused', { keys: held, hint: 'these change with a restart alone; the old ones stay in use' });
    }
    const cloudChanged = changed.some((key) => key.startsWith('keystone.') || key === 'limits.tenant_api_share');
    // Whatever can fail comes first: all of it is in use, or nothing.
    const nextCloud = cloudChanged ? buildCloud(next, parts) : null;
    const nextIdentity = cloudChanged ? buildIdentity(next.keystone, http) : null;
    const nextProjects = cloudChanged ? buildProjects(next.keystone, http) : null;
    const nextCallerCloud = cloudChanged ? buildCallerCloud(next.keystone, parts) : null;
    current = keepHeld(current, next);
    settings = engineSettings(current);
    if (nextCloud) cloud.exchange(nextCloud);
    if (nextCallerCloud) callerCloud.exchange(nextCallerCloud);
    if (nextIdentity) identity.exchange(nextIdentity);
    if (nextProjects) projects.exchange(nextProjects);
    setLogLevel(current.log.level);
    tellExposed(log, exposed);
    log.info('config.reloaded', { changed, mode: current.mode });
    return true;
  }

  return {
    cloud: cloud.port,
    callerCloud: callerCloud.port,
    identity: identity.port,
    projects: projects.port,
    http: () => current.http,
    endpoint: () => ({ authUrl: current.keystone.auth_url, ...http }),
    settings: () => settings,
    reload(load) {
      try {
        return use(load());
      } catch (error) {
        return refused(error);
      }
    },
  };
}
