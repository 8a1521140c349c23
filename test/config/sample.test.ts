import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../daemon/config/load.ts';
import { DAY, daily, every, HOUR, MINUTE } from '../core/builders.ts';
import { configWith, SAMPLE } from './sample.ts';

test('the sample is read as it is meant, every length of time in milliseconds', () => {
  const config = parseConfig(SAMPLE, 'config.yaml');
  expect(config).toMatchObject({
    mode: 'enforce',
    enrol_over: 7 * DAY,
    keystone: {
      auth_url: 'https://keystone.example:5000/v3',
      user: { name: 'autobackup', domain: { name: 'Default' } },
      home: { projectName: 'service', projectDomainName: 'Default' },
      interface: 'internal',
      tenant_scope: 'role',
    },
    bus: { exchange: 'trove', topic: 'notifications', queue: 'autobackup', declare: 'never' },
    http: { ops_listen: { host: '127.0.0.1', port: 8781 } },
    reconcile: { every: 10 * MINUTE, vanish: 0.05, confirm_gone: ['shop@Default'] },
    limits: { minimum_interval: HOUR, concurrent: 20, concurrent_per_project: 4, tenant_api_share: 0.25 },
    quota: { reserve: 1 },
    log: { level: 'info' },
    exclude: { projects: ['scratch@Default'], datastores: [], names: ['tmp-*'] },
  });
  expect(config.keystone.password.reveal()).toBe('secret');
  expect(config.bus?.urls.map((url) => url.reveal())).toEqual(['amqp://autobackup:secret@rabbit.example:5672/']);
});

const DEFAULT = {
  keep: { withinMs: 7 * DAY },
  minimumFulls: 1,
  onDelete: { keepMs: 7 * DAY, lastChainMs: 30 * DAY },
  anchor: true,
};

test('its policies are those of lib/core', () => {
  const common = { fullEveryMs: 7 * DAY, maxIncrementals: 6, firstWithinMs: 15 * MINUTE, retention: DEFAULT };
  expect(parseConfig(SAMPLE, 'config.yaml').policies).toEqual([
    {
      name: 'frequent',
      select: { projects: [], datastores: ['mysql'], names: ['prod-*'] },
      cadence: every(6 * HOUR),
      ...common,
    },
    {
      name: 'daily',
      select: { projects: [], datastores: [], names: [] },
      cadence: daily('Asia/Ho_Chi_Minh'),
      ...common,
    },
  ]);
});

test('what need not be said has the defaults of the design', () => {
  const least = `
keystone: { auth_url: "https://keystone.example/v3", username: u, password: p, project_name: service }
bus: null
policies: [{ name: daily, every: day }]`;
  expect(parseConfig(least, 'config.yaml')).toMatchObject({
    mode: 'enforce',
    enrol_over: 7 * DAY,
    bus: null,
    store: { path: '/var/lib/trove-autobackup/autobackup.sqlite', key_file: '/var/lib/trove-autobackup/marker.key' },
    http: { ops_listen: { host: '127.0.0.1', port: 8781 } },
    reconcile: { every: 10 * MINUTE, vanish: 0.05, confirm_gone: [] },
    limits: { minimum_interval: HOUR, concurrent: 20, concurrent_per_project: 4, tenant_api_share: 0.25 },
    prune: { grace: DAY, quarantine: DAY, looked_at: [] },
    quota: { reserve: 1 },
    log: { level: 'info' },
    exclude: { projects: [], datastores: [], names: [] },
    policies: [
      {
        ...{ cadence: daily('UTC', 22, 6), fullEveryMs: 7 * DAY, maxIncrementals: 6, firstWithinMs: 15 * MINUTE },
        retention: DEFAULT,
      },
    ],
  });
});

describe('a value is read', () => {
  test.each([
    { path: 'enrol_over', value: '0s', read: { enrol_over: 0 } },
    { path: 'enrol_over', value: '90s', read: { enrol_over: 90_000 } },
    { path: 'http.ops_listen', value: '[::1]:8781', read: { http: { ops_listen: { host: '::1', port: 8781 } } } },
    { path: 'http.ops_listen', value: 'localhost:0', read: { http: { ops_listen: { host: 'localhost', port: 0 } } } },
    { path: 'reconcile.vanish', value: '100%', read: { reconcile: { vanish: 1 } } },
    { path: 'reconcile.vanish', value: 0.05, read: { reconcile: { vanish: 0.05 } } },
    { path: 'reconcile.vanish', value: '0.05', read: { reconcile: { vanish: 0.05 } } },
    { path: 'reconcile.vanish', value: '2.5%', read: { reconcile: { vanish: 0.025 } } },
    { path: 'limits.tenant_api_share', value: '40%', read: { limits: { tenant_api_share: 0.4 } } },
    { path: 'limits.tenant_api_share', value: 0.4, read: { limits: { tenant_api_share: 0.4 } } },
    { path: 'reconcile.every', value: '1s', read: { reconcile: { every: 1_000 } } },
    { path: 'bus', value: null, read: { bus: null } },
    { path: 'bus.declare', value: 'durable', read: { bus: { declare: 'durable' } } },
    { path: 'policies.1.every', value: 'week', read: { policies: [{}, { cadence: { unit: 'week' } }] } },
    {
      path: 'policies.1.window',
      value: '01:30-05:00',
      read: { policies: [{}, { cadence: { window: { startMinute: 90, endMinute: 300 } } }] },
    },
    { path: 'policies.0.every', value: '1h', read: { policies: [{ cadence: every(HOUR) }, {}] } },
    { path: 'policies.0.max_incrementals', value: 0, read: { policies: [{ maxIncrementals: 0 }, {}] } },
  ])('$path: $value', ({ path, value, read }) => {
    expect(configWith(path, value)).toMatchObject(read);
  });
});

test('several brokers are a list of urls, with what their TLS needs', () => {
  const urls = ['amqps://autobackup:secret@a.example/', 'amqps://autobackup:secret@b.example:5671/%2F'];
  const tls = { ca: '/etc/ca.pem', cert: '/etc/cert.pem', key: '/etc/key.pem', server_name: 'rabbit.example' };
  const { bus } = configWith('bus', { urls, tls });
  expect(bus?.urls.map((url) => url.reveal())).toEqual(urls);
  expect(bus).toMatchObject({ tls, exchange: 'trove' });
});

test('nothing of it can be changed afterwards', () => {
  const config = parseConfig(SAMPLE, 'config.yaml');
  expect(() => Object.assign(config, { mode: 'observe' })).toThrow(TypeError);
  expect(() => Object.assign(config.limits, { concurrent: 0 })).toThrow(TypeError);
  expect(() => Object.assign(config.policies[0]?.cadence ?? {}, { everyMs: 1 })).toThrow(TypeError);
  expect(() => (config.policies as unknown[]).push({})).toThrow(TypeError);
});
