import { parse, stringify } from 'yaml';
import { parseConfig } from '../../daemon/config/load.ts';
import type { Config } from '../../daemon/config/schema.ts';
import { ExitError } from '../../daemon/exit.ts';

export const SAMPLE = `
mode: enforce
enrol_over: 7d
keystone: { auth_url: "https://keystone.example:5000/v3", username: autobackup, password: secret, user_domain_name: Default, project_name: service, project_domain_name: Default, region_name: RegionOne, interface: internal }
bus: { url: "amqp://autobackup:secret@rabbit.example:5672/", exchange: trove, topic: notifications, queue: autobackup, declare: never }
store: { path: /var/lib/trove-autobackup/autobackup.sqlite, key_file: /var/lib/trove-autobackup/marker.key }
http: { ops_listen: 127.0.0.1:8781 }
log: { level: info }
reconcile: { every: 10m, vanish: 5%, confirm_gone: [shop@Default] }
limits: { minimum_interval: 1h, concurrent: 20, concurrent_per_project: 4 }
quota: { reserve: 1 }
exclude: { projects: [scratch@Default], datastores: [], names: ["tmp-*"] }
policies:
  - { name: frequent, select: { datastores: [mysql], names: ["prod-*"] }, every: 6h }
  - { name: daily, select: {}, every: day, zone: Asia/Ho_Chi_Minh, window: "22:00-06:00", full_every: 7d, max_incrementals: 6, first_within: 15m }
`;

/** The sample with one value changed: `sampleWith('policies.0.every', '5m')`; undefined takes the key out. */
export function sampleWith(path: string, value: unknown): string {
  const whole: unknown = parse(SAMPLE);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((inner, key) => (inner as Record<string, unknown>)[key], whole) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return stringify(whole);
}

export const configWith = (path: string, value: unknown): Config => parseConfig(sampleWith(path, value), 'config.yaml');

/** Why a file is refused. */
export function refusalOf(yaml: string): ExitError {
  try {
    parseConfig(yaml, 'config.yaml');
  } catch (error) {
    if (error instanceof ExitError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}
