import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CASES, type CloudCase, type Expected } from './clouds.ts';
import { makeHome } from './home.ts';

/** openstacksdk itself, of the region's packages, is asked about the table that our own reading is held to. */
const SCRIPT = join(import.meta.dirname, 'openstacksdk.py');

interface SdkCloud {
  readonly auth_type: string;
  readonly auth: Readonly<Record<string, string>>;
  readonly region: string | null;
  readonly interface: string;
  readonly endpoint: string | null;
  readonly error?: string;
}

const alike = CASES.filter(({ unlikeSdk }) => unlikeSdk === undefined);
const homes = alike.map(() => makeHome());
afterAll(() => {
  for (const home of homes) home.remove();
});

function ask(cases: readonly CloudCase[]): readonly SdkCloud[] {
  const asked = cases.map(({ clouds, secure, public: profiles, env, cloud, regionName }, index) => {
    const home = homes[index] ?? makeHome();
    const files = { clouds, secure, 'clouds-public': profiles };
    for (const [name, text] of Object.entries(files)) if (text) home.write(`.config/openstack/${name}.yaml`, text);
    return { env: { ...home.env, ...env }, cloud, region: regionName };
  });
  return JSON.parse(execFileSync('/usr/bin/python3', [SCRIPT], { input: JSON.stringify(asked), encoding: 'utf8' }));
}

const METHODS: Readonly<Record<string, string>> = {
  password: 'password',
  v3password: 'password',
  v3token: 'token',
  v3applicationcredential: 'applicationCredential',
};

const domainOf = (auth: SdkCloud['auth'], of: string) =>
  auth[`${of}_domain_id`] ? { id: auth[`${of}_domain_id`] } : { name: auth[`${of}_domain_name`] };

function scopeOf(auth: SdkCloud['auth']): unknown {
  if (auth['trust_id']) return { trustId: auth['trust_id'] };
  if (auth['project_id']) return { projectId: auth['project_id'] };
  if (!auth['project_name']) return 'default';
  const { id, name } = domainOf(auth, 'project');
  return { projectName: auth['project_name'], ...(id ? { projectDomainId: id } : { projectDomainName: name }) };
}

function asExpected({ auth, auth_type: type, region, interface: face, endpoint }: SdkCloud): unknown {
  const user = auth['user_id']
    ? { id: auth['user_id'] }
    : auth['username'] && { name: auth['username'], domain: domainOf(auth, 'user') };
  const found: Record<keyof Expected, unknown> = {
    authUrl: auth['auth_url'],
    method: METHODS[type],
    secret: auth['password'] ?? auth['token'] ?? auth['application_credential_secret'],
    user,
    id: auth['application_credential_id'],
    name: auth['application_credential_name'],
    scope: scopeOf(auth),
    regionName: region,
    interface: face,
    databaseEndpointOverride: endpoint,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value));
}

const answers = ask(alike);

test.each(alike.map(({ title, expected }, index) => ({ title, expected, index })))(
  'openstacksdk finds the same: $title',
  ({ expected, index }) => {
    const answer = answers[index];
    expect(answer?.error).toBeUndefined();
    expect(answer && asExpected(answer)).toEqual(expected);
  },
);
