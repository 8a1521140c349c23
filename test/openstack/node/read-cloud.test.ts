import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, CloudConfigError, type ReadCloudOptions, readCloud } from '../../../lib/openstack/node/index.ts';
import { CASES, type CloudCase } from './clouds.ts';
import { type Home, makeHome } from './home.ts';

let home: Home;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

type Files = Pick<CloudCase, 'clouds' | 'secure' | 'public' | 'env'>;

function read({ clouds, secure, public: profiles, env }: Files, options: ReadCloudOptions = {}): Cloud {
  const files = { clouds, secure, 'clouds-public': profiles };
  for (const [name, text] of Object.entries(files)) if (text) home.write(`.config/openstack/${name}.yaml`, text);
  return readCloud({ env: { ...home.env, ...env }, ...options });
}

function shown({ keystone, scope }: Cloud) {
  const { auth, ...rest } = keystone;
  const { password, token, secret, ...named } = auth as unknown as Record<string, () => string>;
  return { ...rest, ...named, secret: (password ?? token ?? secret)?.(), scope };
}

const failure = (files: Files, options?: ReadCloudOptions): string => {
  try {
    read(files, options);
  } catch (error) {
    if (error instanceof CloudConfigError) return error.message.replaceAll(home.dir, '~');
    throw error;
  }
  throw new Error('it should have been refused');
};

describe('a cloud is read', () => {
  it.each(CASES)('$title', ({ cloud, regionName, expected, ...files }) => {
    expect(shown(read(files, { cloud, regionName }))).toEqual(expected);
  });

  it('and printing it shows no secret', () => {
    const cloud = read({ clouds: CASES[0]?.clouds ?? '' });
    for (const text of [inspect(cloud, { depth: 9 }), JSON.stringify(cloud)]) expect(text).not.toContain('secret-1');
  });
});

const cloudOf = (username: string) =>
  `clouds:\n  mine: { auth: { auth_url: "https://k.example", username: ${username}, password: p } }\n`;
const userOf = (cloud: Cloud) => (shown(cloud) as unknown as { user: { name: string } }).user.name;

describe('the file is', () => {
  it.each([
    { before: 'XDG_CONFIG_HOME', first: 'own/openstack/clouds.yaml', second: '.config/openstack/clouds.yaml' },
    { before: '~/.config', first: '.config/openstack/clouds.yaml', second: 'xdg/openstack/clouds.yaml' },
    { before: '.yaml', first: '.config/openstack/clouds.yaml', second: '.config/openstack/clouds.yml' },
    { before: '.yml', first: '.config/openstack/clouds.yml', second: '.config/openstack/clouds.json' },
  ])('of $first rather than $second', ({ first, second }) => {
    home.write(second, cloudOf('second'));
    const env = { ...home.env, XDG_CONFIG_HOME: `${home.dir}/own` };
    expect(userOf(readCloud({ env }))).toBe('second');
    home.write(first, cloudOf('first'));
    expect(userOf(readCloud({ env }))).toBe('first');
  });

  it('that of the folder one is in, before all others', () => {
    home.write('.config/openstack/clouds.yaml', cloudOf('second'));
    home.write('here/clouds.yaml', cloudOf('first'));
    const before = process.cwd();
    process.chdir(`${home.dir}/here`);
    try {
      expect(userOf(readCloud({ env: home.env }))).toBe('first');
    } finally {
      process.chdir(before);
    }
  });

  it('the one that OS_CLIENT_CONFIG_FILE names, with the secrets that OS_CLIENT_SECURE_FILE names', () => {
    home.write('.config/openstack/clouds.yaml', cloudOf('second'));
    const named = home.write('mine.yaml', cloudOf('first'));
    const secure = home.write('mine-secure.json', '{"clouds":{"mine":{"auth":{"username":"secure"}}}}');
    const env = { ...home.env, OS_CLIENT_CONFIG_FILE: named };
    expect(userOf(readCloud({ env }))).toBe('first');
    expect(userOf(readCloud({ env: { ...env, OS_CLIENT_SECURE_FILE: secure } }))).toBe('secure');
  });

  it('read as YAML 1.1, as Python does', () => {
    const text =
      'base: &base { auth: { auth_url: "https://k.example", user_id: u1, password: p } }\nclouds:\n  mine:\n    <<: *base\n    insecure: no\n';
    expect(read({ clouds: text }).name).toBe('mine');
  });
});

const two = `${cloudOf('ann')}  other: { auth: {} }\n`;
const auth = (inner: string, more = '') => ({ clouds: `clouds:\n  mine:\n    auth: { ${inner} }\n${more}` });
const URL = 'auth_url: "https://k.example"';
const USER = `${URL}, user_id: u1, password: hunter2`;

interface Refusal {
  readonly title: string;
  readonly files: Files;
  readonly options?: ReadCloudOptions;
  readonly says: string;
}

const REFUSALS: readonly Refusal[] = [
  { title: 'nothing at all', files: {}, says: 'no clouds.yaml and no OS_* variables; write a clouds.yaml' },
  {
    title: 'several clouds and no choice',
    files: { clouds: two },
    says: 'say which one (OS_CLOUD); it has mine, other',
  },
  {
    title: 'a cloud that is not there',
    files: { clouds: two },
    options: { cloud: 'none' },
    says: '~/.config/openstack/clouds.yaml has no cloud "none"; it has mine, other',
  },
  {
    title: "a cloud with the name of the environment's",
    files: { clouds: cloudOf('ann').replace('mine', 'envvars'), env: { OS_USERNAME: 'eve' } },
    says: "which is also the environment's; rename one (OS_CLOUD_NAME)",
  },
  {
    title: 'a file that is named and not there',
    files: { env: { OS_CLIENT_CONFIG_FILE: '/nowhere/clouds.yaml' } },
    says: '/nowhere/clouds.yaml cannot be read (ENOENT); correct the path',
  },
  {
    title: 'a file that is no YAML, without a word of it',
    files: { clouds: 'clouds:\n  mine: { password: "hunter2\n' },
    says: '~/.config/openstack/clouds.yaml, line 3, column 1: no YAML; check quotes',
  },
  {
    title: 'an alias that nothing defines',
    files: { clouds: 'clouds: { mine: { auth: *hunter2 } }\n' },
    says: '~/.config/openstack/clouds.yaml: no YAML; check quotes',
  },
  { title: 'a file that is empty', files: { clouds: '# later\n' }, says: 'is empty or no block of keys' },
  { title: 'clouds that are no block', files: { clouds: 'clouds: [a]\n' }, says: 'clouds must be a block of keys' },
  {
    title: 'auth that is no block',
    files: { clouds: 'clouds: { mine: { auth: x } }\n' },
    says: 'auth must be a block',
  },
  {
    title: 'a profile that is unknown here',
    files: auth(USER, '    profile: ovh\n'),
    says: 'profile "ovh" is not in any clouds-public.yaml; add it to clouds-public.yaml, or write its auth_url',
  },
  {
    title: 'a region that is not among those known',
    files: auth(USER, '    regions: [A, B]\n'),
    options: { regionName: 'a' },
    says: 'has no region "a"; it has A, B, and case matters',
  },
  { title: 'regions that are no list', files: auth(USER, '    regions: { A: 1 }\n'), says: 'regions must be a list' },
  {
    title: 'a region without a name',
    files: auth(USER, '    regions: [{ values: {} }]\n'),
    says: 'a region is a name',
  },
  { title: 'no auth_url', files: auth('user_id: u1'), says: 'auth_url is missing; add it under "auth"' },
  { title: 'no user', files: auth(`${URL}, password: hunter2`), says: 'username is missing' },
  { title: 'no password', files: auth(`${URL}, user_id: u1`), says: 'password is missing' },
  {
    title: 'another way to sign in',
    files: auth(USER, '    auth_type: v3oidcpassword\n'),
    says: 'auth_type v3oidcpassword is not supported; use password, token or v3applicationcredential',
  },
  {
    title: 'a scope of the system',
    files: auth(`${USER}, system_scope: all`),
    says: 'system_scope gives no project, and databases lie in projects; set project_name',
  },
  { title: 'a scope of a domain', files: auth(`${USER}, domain_id: d`), says: 'domain_id gives no project' },
  {
    title: 'an interface that is none',
    files: auth(USER, '    interface: secret\n'),
    says: 'interface must be public',
  },
  {
    title: 'insecure',
    files: auth(USER, '    insecure: "True"\n'),
    says: 'insecure and verify: false are not supported',
  },
  { title: 'verify: false', files: auth(USER, '    verify: false\n'), says: 'insecure and verify: false are not' },
  {
    title: "a client's certificate",
    files: auth(USER, '    cert: /c.pem\n    key: /k.pem\n'),
    says: "a client's certificate (cert, key) is not supported",
  },
  {
    title: 'a CA that Node does not know',
    files: auth(USER, '    cacert: ~/ca.pem\n'),
    says: 'cacert must be known to Node; start it with NODE_EXTRA_CA_CERTS=~/ca.pem',
  },
];

describe('refused with what to do next:', () => {
  it.each(REFUSALS)('$title', ({ files, options, says }) => {
    const message = failure(files, options);
    expect(message).toContain(says);
    expect(message).not.toContain('hunter2');
  });

  it('but not a CA that Node knows, or that the fetch of the caller minds', () => {
    const files = auth(USER, '    cacert: ~/ca.pem\n');
    expect(read({ ...files, env: { NODE_EXTRA_CA_CERTS: `${home.dir}/ca.pem` } }).name).toBe('mine');
    expect(read(auth(USER, '    verify: false\n    cert: /c.pem\n'), { ownFetch: true }).name).toBe('mine');
  });
});
