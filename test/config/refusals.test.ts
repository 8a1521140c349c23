import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../daemon/config/load.ts';
import { refusalOf, SAMPLE, sampleWith } from './sample.ts';

const DURATION = 'write it as 10s, 15m, 6h or 7d (at most 3660d)';
const TEXT = 'must be text: a duration as 15m, all else in quotes';
const NO_CLOUD = 'missing; set it to text, or name a cloud of clouds.yaml with the key "cloud"';
const MISSING = 'missing; set it to text';

describe('a wrong value is refused by its key, with what to do', () => {
  test.each([
    { path: 'mode', value: 'off', says: 'must be one of enforce, observe' },
    { path: 'enrol_over', value: 7, says: TEXT },
    { path: 'enrol_over', value: '7w', says: `"7w" is no duration; ${DURATION}` },
    { path: 'enrol_over', value: '-1d', says: `"-1d" is no duration; ${DURATION}` },
    { path: 'enrol_over', value: '1.5h', says: `"1.5h" is no duration; ${DURATION}` },
    { path: 'enrol_over', value: '4000d', says: `"4000d" is no duration; ${DURATION}` },
    { path: 'keystone', value: undefined, says: 'missing; set it to a block of keys' },
    {
      path: 'keystone.auth_url',
      value: 'keystone',
      says: 'no URL to work with; write it as https://keystone.example:5000/v3',
    },
    {
      path: 'keystone.auth_url',
      value: 'ftp://keystone/',
      says: 'no URL to work with; write it as https://keystone.example:5000/v3',
    },
    {
      path: 'keystone.auth_url',
      value: 'https://autobackup:hunter2@keystone/',
      says: 'must not hold a user or a password; they have keys of their own',
    },
    { path: 'keystone.auth_url', value: undefined, says: NO_CLOUD },
    { path: 'keystone.username', value: undefined, says: NO_CLOUD },
    { path: 'keystone.username', value: '', says: 'must not be empty; fill it in' },
    {
      path: 'keystone.password',
      value: undefined,
      says: 'missing; set it, or password_file to the path of a file that holds it',
    },
    { path: 'log.level', value: 'verbose', says: 'must be one of info, warn, error' },
    { path: 'keystone.password', value: 12345, says: TEXT },
    { path: 'keystone.project_name', value: undefined, says: NO_CLOUD },
    { path: 'keystone.interface', value: 'private', says: 'must be one of public, internal, admin' },
    { path: 'bus', value: undefined, says: 'missing; describe the bus, or write "bus: null" to go without one' },
    {
      path: 'bus.url',
      value: 'http://rabbit/',
      says: 'no URL to work with; write it as amqp://user:password@rabbit.example:5672/',
    },
    {
      path: 'bus.url',
      value: 'amqp://autobackup:100%sure@rabbit/',
      says: 'has a "%" in its user or password that encodes nothing; write it as %25',
    },
    { path: 'bus.url', value: undefined, says: 'missing; set it, or url_file to the path of a file that holds it' },
    {
      path: 'bus.urls',
      value: ['amqp://autobackup:secret@b.example/'],
      says: 'goes in the place of url; give one of the two',
    },
    { path: 'bus.urls', value: [], says: 'must not be empty; fill it in' },
    {
      path: 'bus.tls',
      value: { ca: '/etc/ca.pem' },
      says: 'is for amqps:// urls alone; write each url with amqps, or take tls out',
    },
    { path: 'bus.tls', value: { cert: '/etc/cert.pem' }, says: 'cert and key go together; give both, or neither' },
    { path: 'bus.declare', value: 'always', says: 'must be one of never, durable, transient' },
    { path: 'store', value: null, says: 'must be a block of keys' },
    { path: 'store.path', value: '', says: 'must not be empty; fill it in' },
    { path: 'http.ops_listen', value: '8781', says: '"8781" is no address; write it as 127.0.0.1:8781 or [::1]:8781' },
    {
      path: 'http.ops_listen',
      value: '::1:8781',
      says: '"::1:8781" is no address; write it as 127.0.0.1:8781 or [::1]:8781',
    },
    {
      path: 'http.ops_listen',
      value: 'a:65536',
      says: '"a:65536" is no address; write it as 127.0.0.1:8781 or [::1]:8781',
    },
    { path: 'reconcile.every', value: '0s', says: 'must be at least 1s' },
    { path: 'reconcile.vanish', value: '101%', says: '"101%" is no share; write it as 5%, or as 0.05' },
    { path: 'reconcile.vanish', value: 5, says: '"5" is no share; write it as 5%, or as 0.05' },
    { path: 'reconcile.vanish', value: -0.05, says: '"-0.05" is no share; write it as 5%, or as 0.05' },
    { path: 'reconcile.vanish', value: 'five', says: '"five" is no share; write it as 5%, or as 0.05' },
    { path: 'reconcile.vanish', value: [5], says: 'must be text or a number' },
    { path: 'reconcile.confirm_gone', value: 'shop@Default', says: 'must be a list such as [a, b]' },
    {
      path: 'reconcile.confirm_gone.0',
      value: 'shop',
      says: 'is the id of a project or of an instance, or name@domain',
    },
    { path: 'limits.tenant_api_share', value: '25', says: '"25" is no share; write it as 5%, or as 0.05' },
    { path: 'limits.tenant_api_share', value: '0.5%', says: 'must be at least 1%' },
    { path: 'limits.minimum_interval', value: 'hour', says: `"hour" is no duration; ${DURATION}` },
    { path: 'limits.concurrent', value: 0, says: 'must be at least 1' },
    { path: 'limits.concurrent', value: 1.5, says: 'must be a whole number' },
    { path: 'limits.concurrent', value: '20', says: 'must be a number' },
    { path: 'limits.concurrent_per_project', value: 10_001, says: 'must be at most 10000' },
    { path: 'quota.reserve', value: -1, says: 'must be at least 0' },
    { path: 'exclude.projects', value: 'scratch', says: 'must be a list such as [a, b]' },
    {
      path: 'exclude.projects.0',
      value: 'scratch',
      says: 'a project is its id, or name@domain such as scratch@Default',
    },
    { path: 'exclude.names.0', value: '', says: 'must not be empty; fill it in' },
    { path: 'policies', value: undefined, says: 'missing; set it to a list such as [a, b]' },
    { path: 'policies', value: [], says: 'must not be empty; fill it in' },
    {
      path: 'policies.0.name',
      value: 'a b',
      says: 'a policy name has 1 to 64 letters, digits, dots, dashes or underscores',
    },
    { path: 'policies.0.name', value: undefined, says: MISSING },
    {
      path: 'policies.1.name',
      value: 'frequent',
      says: '"frequent" is used twice; give each policy a name of its own',
    },
    {
      path: 'policies.0.every',
      value: 'month',
      says: '"month" is no interval; write day, week, or a duration such as 6h',
    },
    { path: 'policies.0.every', value: '0h', says: '"0h" is no interval; write day, week, or a duration such as 6h' },
    {
      path: 'policies.0.every',
      value: '59m',
      says: 'policy "frequent" has slots 59m apart, less than limits.minimum_interval, 1h; widen "every" or lower that limit',
    },
    {
      path: 'policies.1.zone',
      value: 'Mars/Base',
      says: '"Mars/Base" is no time zone; give an IANA name such as Asia/Ho_Chi_Minh or UTC',
    },
    { path: 'policies.1.window', value: '22-06', says: '"22-06" is no window; write it as 22:00-06:00' },
    { path: 'policies.1.window', value: '22:00-24:00', says: '"22:00-24:00" is no window; write it as 22:00-06:00' },
    {
      path: 'policies.1.window',
      value: '22:00-22:00',
      says: '"22:00-22:00" has no length; for a whole day write 00:00-23:59',
    },
    { path: 'policies.1.window', value: '22:60-06:00', says: '"22:60-06:00" is no window; write it as 22:00-06:00' },
    { path: 'policies.1.max_incrementals', value: -1, says: 'must be at least 0' },
    { path: 'policies.1.first_within', value: 'soon', says: `"soon" is no duration; ${DURATION}` },
    { path: 'policies.0.select.datastores', value: 'mysql', says: 'must be a list such as [a, b]' },
  ])('$path: $value', ({ path, value, says }) => {
    const { code, message } = refusalOf(sampleWith(path, value));
    expect(code).toBe(78);
    expect(message).toBe(`config.yaml cannot be used:\n  ${path}: ${says}`);
  });

  test('policies.0 that takes all that the next one selects', () => {
    expect(refusalOf(sampleWith('policies.0.select', {})).message).toContain(
      'policies: policy "daily" can never apply: "frequent" before it selects everything it does; move "daily" up',
    );
  });
});

describe('an unknown key is refused', () => {
  test.each([
    { path: 'polices', says: 'the file: unknown polices; did you mean policies?' },
    { path: 'keystone.usrname', says: 'keystone: unknown usrname; did you mean username?' },
    { path: 'policies.1.maxIncrementals', says: 'policies.1: unknown key; did you mean max_incrementals?' },
    { path: 'policies.1.select.datastore', says: 'policies.1.select: unknown datastore; did you mean datastores?' },
    { path: 'policies.1.full-every', says: 'policies.1: unknown key; did you mean full_every?' },
    { path: 'limits.concurent', says: 'limits: unknown concurent; did you mean concurrent?' },
    {
      path: 'exclude.instances',
      says: 'exclude: unknown instances; remove it: the keys here are projects, datastores, names',
    },
    { path: 'http.tls', says: 'http: unknown tls (not supported by this version yet); remove it' },
    { path: 'keystone.tls', says: 'keystone: unknown tls; remove it: the keys here are' },
  ])('$path', ({ path, says }) => {
    expect(refusalOf(sampleWith(path, 'x')).message).toContain(says);
  });

  test('without its name where that may be a password that lost its blank', () => {
    const { message } = refusalOf(SAMPLE.replace('password: secret', 'password:hunter2'));
    expect(message).toContain('keystone: unknown key that is no name (a colon wants a blank behind it)');
    expect(message).not.toContain('hunter2');
  });
});

test('all that is wrong is told at once, a line each', () => {
  const broken = SAMPLE.replace('mode: enforce', 'mode: off')
    .replace('vanish: 5%', 'vanish: much')
    .replace('6h }', 'often }');
  expect(
    refusalOf(broken)
      .message.split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0]),
  ).toEqual(['mode', 'reconcile.vanish', 'policies.0.every']);
});

describe('a file is refused', () => {
  test.each([
    { says: 'that is empty', yaml: '', message: 'keystone: missing; set it to a block of keys' },
    { says: 'that is a list', yaml: '- mode', message: 'the file: must be a block of keys' },
    {
      says: 'that says a thing twice',
      yaml: 'mode: observe\nmode: enforce',
      message: 'config.yaml is not YAML: DUPLICATE_KEY at line 2, column 1; check quotes and indentation there',
    },
    { says: 'that is cut', yaml: 'keystone: {', message: 'config.yaml is not YAML: BAD_INDENT at line 1' },
  ])('$says', ({ yaml, message }) => {
    expect(refusalOf(yaml).message).toContain(message);
  });

  test('that is not there, with how to name another', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trove-autobackup-config-'));
    const path = join(folder, 'config.yaml');
    expect(() => loadConfig(path)).toThrow(`the configuration ${path} cannot be read (ENOENT); check --config`);
    writeFileSync(path, SAMPLE);
    expect(loadConfig(path).config.mode).toBe('enforce');
    rmSync(folder, { recursive: true });
  });
});
