import { join } from 'node:path';
import { EXCLUDED_PROJECT } from './story.ts';

export interface Places {
  readonly authUrl: string;
  /** null: no broker. */
  readonly busUrl: string | null;
  /** Of the web service and its page. */
  readonly listen: string;
  readonly home: string;
}

/** The file an operator would write, with the demo's addresses in it. */
export function configuration({ authUrl, busUrl, listen, home }: Places): string {
  const bus = busUrl === null ? 'bus: null' : `bus:\n  url: ${busUrl}\n  exchange: trove`;
  return `keystone:
  auth_url: ${authUrl}
  username: autobackup
  password: autobackup
  project_name: service
  region_name: RegionOne
${bus}
store:
  path: ${join(home, 'autobackup.sqlite')}
  key_file: ${join(home, 'marker.key')}
http:
  listen: ${listen}
  ops_listen: 127.0.0.1:0
reconcile:
  every: 30m
enrol_over: 1d
exclude:
  projects: [${EXCLUDED_PROJECT}@Default]
policies:
  - name: frequent
    select:
      names: [prod-*]
    every: 6h
    full_every: 2d
  - name: daily
    every: day
    zone: Europe/Berlin
    window: 22:00-06:00
    full_every: 7d
    max_incrementals: 6
`;
}
