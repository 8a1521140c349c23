import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type App, startApp } from '../../daemon/app.ts';
import { parseConfig } from '../../daemon/config/load.ts';
import type { Clock } from '../../daemon/ports/clock.ts';
import type { Log } from '../../daemon/ports/log.ts';
import { createRegion, type Region, type RegionOptions } from '../../lib/simulator/index.ts';
import { byPassword, signIn, tokenOf } from '../contract/user.ts';

const none = (): void => {};
export const silent: Log = { info: none, warn: none, error: none };

export interface Daemon {
  readonly app: App;
  readonly region: Region;
  /** Of the web service, with no slash at its end. */
  readonly url: string;
  /** A new token of the user on the project; by its name, on the system, or on nothing. */
  token(user: string, on: string | { readonly system: true } | null, password?: string): Promise<string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  ask(method: string, path: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
  /** Puts other settings in the place of the first, by a reload. */
  configure(settings: NonNullable<DaemonOptions['settings']>): void;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

export interface DaemonOptions {
  readonly http?: Readonly<Record<string, unknown>>;
  readonly log?: Log;
  /** Of sessions and of streams of events. */
  readonly peopleClock?: Clock;
  readonly mode?: 'observe' | 'enforce';
  readonly timings?: RegionOptions;
  /** Further keys of the configuration, or others in the place of its own. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The folder of the built page; without it there is none but what was built into `dist`. */
  readonly pageFolder?: string;
  /** Besides the standard identities. */
  readonly prepare?: (region: Region) => void;
}

/** The configuration of a daemon that serves the web service on a free port. */
export function yamlFor(
  authUrl: string,
  home: string,
  http: DaemonOptions['http'] = {},
  mode: DaemonOptions['mode'] = 'observe',
  settings: DaemonOptions['settings'] = {},
): string {
  return stringify({
    mode,
    keystone: { auth_url: authUrl, username: 'autobackup', password: 'autobackup', project_name: 'service' },
    bus: null,
    store: { path: join(home, 'autobackup.sqlite'), key_file: join(home, 'marker.key') },
    http: { listen: '127.0.0.1:0', ops_listen: '127.0.0.1:0', ...http },
    policies: [{ name: 'daily', every: 'day', first_within: '1s' }],
    ...settings,
  });
}

/** A whole daemon over the simulator, reached as a tenant reaches it. */
export async function openDaemon(options: DaemonOptions = {}): Promise<Daemon> {
  const { http, log = silent, mode, timings, peopleClock, prepare, pageFolder, settings } = options;
  const region = createRegion(timings);
  region.seedStandardIdentities();
  prepare?.(region);
  const home = mkdtempSync(join(tmpdir(), 'autobackup-api-'));
  const configured = (over: DaemonOptions['settings']) =>
    parseConfig(yamlFor(region.authUrl, home, http, mode, over), 'config.yaml');
  const app = await startApp({
    config: configured(settings),
    log,
    fetch: region.fetch as typeof fetch,
    ...(peopleClock && { busClock: peopleClock }),
    ...(pageFolder !== undefined && { pageFolder }),
  });
  const url = app.apiAddress;
  if (url === null) throw new Error('the web service does not listen');
  const ask: Daemon['ask'] = async (method, path, headers = {}, body) => {
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
  return {
    app,
    region,
    url,
    ask,
    get: (path, headers) => ask('GET', path, headers),
    async token(user, on, password = user) {
      const scope =
        on === null
          ? 'unscoped'
          : typeof on === 'string'
            ? { project: { name: on, domain: { id: 'default' } } }
            : { system: { all: true } };
      const answer = await signIn(region, { identity: byPassword(user, password), scope });
      if (answer.status !== 201) throw new Error(`Keystone said ${answer.status} to ${user}`);
      return tokenOf(answer);
    },
    configure: (over) => app.reload(() => ({ config: configured(over), exposed: [] })),
    async close() {
      await app.stop();
      rmSync(home, { recursive: true });
    },
  };
}
