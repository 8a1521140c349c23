/** What a cloud comes to, with its secret in the open. */
export interface Expected {
  readonly authUrl: string;
  readonly method: string;
  readonly secret: string;
  readonly user?: object;
  readonly id?: string;
  readonly name?: string;
  readonly scope: unknown;
  readonly regionName?: string;
  readonly interface: string;
  readonly databaseEndpointOverride?: string;
}

export interface CloudCase {
  readonly title: string;
  readonly clouds?: string;
  readonly secure?: string;
  readonly public?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cloud?: string;
  readonly regionName?: string;
  readonly expected: Expected;
  /** openstacksdk needs this much more to be content, or does otherwise; why. */
  readonly unlikeSdk?: string;
}

const ann = { name: 'ann', domain: { name: 'Default' } };
const PLAIN: Expected = {
  authUrl: 'https://k.example:5000/v3',
  method: 'password',
  secret: 'secret-1',
  user: ann,
  scope: { projectName: 'shop', projectDomainName: 'Default' },
  interface: 'public',
};
const AUTH = 'auth_url: "https://k.example:5000/v3", username: ann, password: secret-1';
const DOMAINS = 'user_domain_name: Default, project_domain_name: Default';
const full = (more = '') => `clouds:\n  mine:\n    auth: { ${AUTH}, project_name: shop, ${DOMAINS} }\n${more}`;
const ENV = {
  OS_AUTH_URL: 'https://k.example:5000/v3',
  OS_USERNAME: 'ann',
  OS_PASSWORD: 'secret-1',
  OS_PROJECT_NAME: 'shop',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
};

/** Each form that openstacksdk reads, and what it makes of it. */
export const CASES: readonly CloudCase[] = [
  { title: 'the only cloud is the one', clouds: full(), expected: PLAIN },
  {
    title: 'a cloud is chosen by name',
    clouds: `${full()}  other:\n    auth: { auth_url: "https://o.example", username: bob, password: p }\n`,
    cloud: 'mine',
    expected: PLAIN,
  },
  {
    title: 'a cloud is chosen by OS_CLOUD, and the other variables that only say where to look are no cloud',
    clouds: `${full()}  other:\n    auth: { auth_url: "https://o.example", username: bob, password: p }\n`,
    env: { OS_CLOUD: 'mine' },
    expected: PLAIN,
  },
  { title: 'the environment is a cloud', env: ENV, expected: PLAIN },
  {
    title: 'the environment comes before clouds.yaml, where no name is given',
    clouds: full('    region_name: North\n'),
    env: { ...ENV, OS_USERNAME: 'eve', OS_INTERFACE: 'internal', OS_REGION_NAME: 'South' },
    expected: { ...PLAIN, user: { ...ann, name: 'eve' }, interface: 'internal', regionName: 'South' },
  },
  {
    title: 'a cloud by name has nothing of the environment',
    clouds: full(),
    env: { ...ENV, OS_USERNAME: 'eve' },
    cloud: 'mine',
    expected: PLAIN,
  },
  {
    title: "the environment's cloud may have another name",
    clouds: full(),
    env: { ...ENV, OS_CLOUD_NAME: 'here', OS_USERNAME: 'eve' },
    cloud: 'here',
    expected: { ...PLAIN, user: { ...ann, name: 'eve' } },
  },
  {
    title: 'variables of tests and logs are not the cloud’s',
    clouds: full(),
    env: { OS_TEST_PATH: 'x', OS_LOG_PATH: 'y', OS_STDOUT_CAPTURE: '1' },
    expected: PLAIN,
  },
  {
    title: 'secure.yaml is laid over clouds.yaml, deep',
    clouds: full().replace('secret-1', 'wrong'),
    secure: 'clouds:\n  mine: { auth: { password: secret-1 } }\n',
    expected: PLAIN,
  },
  {
    title: 'a profile of clouds-public.yaml lies under the cloud',
    clouds: `clouds:\n  mine:\n    profile: vendor\n    auth: { username: ann, password: secret-1, project_name: shop, ${DOMAINS} }\n`,
    public:
      'public-clouds:\n  vendor: { auth: { auth_url: "https://k.example:5000/v3", username: nobody }, region_name: West, interface: internal }\n',
    expected: { ...PLAIN, regionName: 'West', interface: 'internal' },
  },
  {
    title: "the cloud's own region comes before its profile's",
    clouds: `clouds:\n  mine:\n    profile: vendor\n    region_name: East\n    auth: { username: ann, password: secret-1, project_name: shop, ${DOMAINS} }\n`,
    public: 'public-clouds:\n  vendor: { auth: { auth_url: "https://k.example:5000/v3" }, regions: [West, North] }\n',
    expected: { ...PLAIN, regionName: 'East' },
  },
  {
    title: 'the first of its regions is the region, with its own settings',
    clouds: full(
      '    regions:\n    - { name: A, values: { interface: admin, auth: { auth_url: "https://a.example/v3" } } }\n    - B\n',
    ),
    expected: { ...PLAIN, regionName: 'A', interface: 'admin', authUrl: 'https://a.example/v3' },
  },
  {
    title: 'a region is chosen by name',
    clouds: full('    regions: [A, { name: B, values: { interface: internal } }]\n'),
    regionName: 'B',
    expected: { ...PLAIN, regionName: 'B', interface: 'internal' },
  },
  {
    title: 'several regions may stand in region_name, with commas',
    clouds: full('    region_name: "A,B"\n'),
    expected: { ...PLAIN, regionName: 'A' },
  },
  {
    title: 'any region may be named where none is known',
    clouds: full(),
    regionName: 'Z',
    expected: { ...PLAIN, regionName: 'Z' },
  },
  {
    title: 'the url of Keystone may name the region',
    clouds: full('    region_name: North\n').replace('k.example', '{region_name}.example'),
    expected: { ...PLAIN, regionName: 'North', authUrl: 'https://North.example:5000/v3' },
  },
  {
    title: 'Trove may have an interface, a region and an endpoint of its own',
    clouds: full(
      '    interface: public\n    database_interface: internal\n    region_name: A\n    database_region_name: D\n    database_endpoint_override: "http://trove.example/v1.0/%(project_id)s"\n',
    ),
    expected: {
      ...PLAIN,
      interface: 'internal',
      regionName: 'D',
      databaseEndpointOverride: 'http://trove.example/v1.0/%(project_id)s',
    },
  },
  {
    title: 'keys may be written with dashes, and the interface as endpoint_type',
    clouds: full('    endpoint-type: internal\n    region-name: A\n').replace('project_name', 'project-name'),
    expected: { ...PLAIN, interface: 'internal', regionName: 'A' },
    unlikeSdk: 'openstacksdk turns dashes of these two keys only after it has looked for them',
  },
  {
    title: 'what belongs into auth may stand beside it',
    clouds:
      'clouds:\n  mine: { auth: { auth_url: "https://k.example:5000/v3" }, username: ann, password: secret-1, project_name: shop, user_domain_name: Default, project_domain_name: Default }\n',
    expected: PLAIN,
  },
  {
    title: 'of a user name within auth and one beside it the inner one counts',
    clouds: full('    username: eve\n'),
    expected: PLAIN,
  },
  {
    title: 'one domain does for the user and the project',
    clouds: `clouds:\n  mine:\n    auth: { ${AUTH}, project_name: shop, domain_id: corp }\n`,
    expected: {
      ...PLAIN,
      user: { name: 'ann', domain: { id: 'corp' } },
      scope: { projectName: 'shop', projectDomainId: 'corp' },
    },
  },
  {
    title: 'a user and a project by id need no domain',
    clouds:
      'clouds:\n  mine:\n    auth: { auth_url: "https://k.example:5000/v3", user_id: u1, password: secret-1, project_id: p1 }\n',
    expected: { ...PLAIN, user: { id: 'u1' }, scope: { projectId: 'p1' } },
  },
  {
    title: 'tenant_id is an older name of project_id, and a number is text',
    clouds:
      'clouds:\n  mine:\n    auth: { auth_url: "https://k.example:5000/v3", user_id: u1, password: 123456, tenant_id: 7 }\n',
    expected: { ...PLAIN, secret: '123456', user: { id: 'u1' }, scope: { projectId: '7' } },
  },
  {
    title: 'project_id comes before tenant_id',
    clouds:
      'clouds:\n  mine:\n    auth: { auth_url: "https://k.example:5000/v3", user_id: u1, password: secret-1, tenant_id: old, project_id: new }\n',
    expected: { ...PLAIN, user: { id: 'u1' }, scope: { projectId: 'new' } },
  },
  {
    title: 'without any domain it is the one with the id "default"',
    clouds: `clouds:\n  mine:\n    auth: { ${AUTH}, project_name: shop }\n`,
    expected: {
      ...PLAIN,
      user: { name: 'ann', domain: { id: 'default' } },
      scope: { projectName: 'shop', projectDomainId: 'default' },
    },
    unlikeSdk: 'openstacksdk leaves the domain out, and Keystone refuses; the openstack command does it so',
  },
  {
    title: 'default_domain is that domain',
    clouds: `clouds:\n  mine:\n    default_domain: corp\n    auth: { ${AUTH}, project_name: shop }\n`,
    expected: {
      ...PLAIN,
      user: { name: 'ann', domain: { id: 'corp' } },
      scope: { projectName: 'shop', projectDomainId: 'corp' },
    },
    unlikeSdk: 'it is a key of the openstack command',
  },
  {
    title: 'default_domain_name is that domain by name',
    clouds: `clouds:\n  mine:\n    auth: { ${AUTH}, project_name: shop, default_domain_name: Corp }\n`,
    expected: {
      ...PLAIN,
      user: { name: 'ann', domain: { name: 'Corp' } },
      scope: { projectName: 'shop', projectDomainName: 'Corp' },
    },
    unlikeSdk: 'keystoneauth1 fills it in only when it signs in',
  },
  {
    title: 'v3password is a password',
    clouds: full('    auth_type: v3password\n'),
    expected: PLAIN,
  },
  {
    title: 'a trust is the scope',
    clouds:
      'clouds:\n  mine:\n    auth: { auth_url: "https://k.example:5000/v3", user_id: u1, password: secret-1, trust_id: tr1 }\n',
    expected: { ...PLAIN, user: { id: 'u1' }, scope: { trustId: 'tr1' } },
  },
  {
    title: 'a token',
    clouds:
      'clouds:\n  mine:\n    auth_type: v3token\n    auth: { auth_url: "https://k.example:5000/v3", token: secret-1, project_id: p1 }\n',
    expected: {
      authUrl: PLAIN.authUrl,
      method: 'token',
      secret: 'secret-1',
      scope: { projectId: 'p1' },
      interface: 'public',
    },
  },
  {
    title: 'an application credential by id, whose project is its own',
    clouds:
      'clouds:\n  mine:\n    auth_type: v3applicationcredential\n    auth: { auth_url: "https://k.example:5000/v3", application_credential_id: ac1, application_credential_secret: secret-1 }\n',
    expected: {
      authUrl: PLAIN.authUrl,
      method: 'applicationCredential',
      secret: 'secret-1',
      id: 'ac1',
      scope: 'default',
      interface: 'public',
    },
  },
  {
    title: 'an application credential by name and user, of the environment',
    env: {
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_AUTH_URL: 'https://k.example:5000/v3',
      OS_APPLICATION_CREDENTIAL_NAME: 'nightly',
      OS_APPLICATION_CREDENTIAL_SECRET: 'secret-1',
      OS_USERNAME: 'ann',
      OS_USER_DOMAIN_NAME: 'Default',
    },
    expected: {
      authUrl: PLAIN.authUrl,
      method: 'applicationCredential',
      secret: 'secret-1',
      name: 'nightly',
      user: ann,
      scope: 'default',
      interface: 'public',
    },
  },
];
