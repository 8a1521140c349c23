// Projects, users, roles and endpoints, made over Keystone's API.

const DEFAULT_DOMAIN = 'default';
const REGION = 'RegionOne';

async function send(region, token, method, path, body) {
  const answer = await fetch(region.authUrl + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { 'x-auth-token': token }) },
    body: body && JSON.stringify(body),
  });
  return { what: `${method} ${path}`, status: answer.status, headers: answer.headers, text: await answer.text() };
}

function checked(region, { what, status, text }) {
  if (status >= 300) throw new Error(`Keystone: ${what} gave ${status} ${text}; see ${region.log('keystone')}`);
  return text ? JSON.parse(text) : undefined;
}

async function adminToken(region) {
  const user = { name: 'admin', password: 'secret', domain: { id: DEFAULT_DOMAIN } };
  const scope = { project: { name: 'admin', domain: { id: DEFAULT_DOMAIN } } };
  const auth = { identity: { methods: ['password'], password: { user } }, scope };
  const answer = await send(region, undefined, 'POST', '/auth/tokens', { auth });
  checked(region, answer);
  return answer.headers.get('x-subject-token');
}

async function administrator(region) {
  let token = await adminToken(region);
  const call = async (...request) => {
    const answer = await send(region, token, ...request);
    if (answer.status !== 401) return checked(region, answer);
    token = await adminToken(region); // REGION_TOKEN_S may be shorter than all this takes
    return checked(region, await send(region, token, ...request));
  };
  const create = async (kind, fields) => (await call('POST', `/${kind}s`, { [kind]: fields }))[kind].id;
  const { roles } = await call('GET', '/roles');
  const roleIds = Object.fromEntries(roles.map(({ name, id }) => [name, id]));
  return {
    service: (type, name) => create('service', { type, name }),
    endpoint: (service_id, iface, url) => create('endpoint', { service_id, interface: iface, url, region_id: REGION }),
    role: async (name) => {
      roleIds[name] = await create('role', { name });
    },
    project: (name) => create('project', { name, domain_id: DEFAULT_DOMAIN }),
    user: (name) => create('user', { name, password: name, domain_id: DEFAULT_DOMAIN }),
    grant: (user, role, project) => call('PUT', `/projects/${project}/users/${user}/roles/${roleIds[role]}`),
    grantEverywhere: (user, role) => {
      const path = `/domains/${DEFAULT_DOMAIN}/users/${user}/roles/${roleIds[role]}/inherited_to_projects`;
      return call('PUT', `/OS-INHERIT${path}`);
    },
  };
}

/** A project and a member of it, user and password of the same name. */
export async function addProject(region, name) {
  const admin = await administrator(region);
  const [project, user] = await Promise.all([admin.project(name), admin.user(name)]);
  await admin.grant(user, 'member', project);
  return project;
}

async function addEndpoints(region, admin) {
  const endpoints = [
    ['database', 'trove', `${region.troveUrl}/v1.0/%(tenant_id)s`],
    // Nobody listens there; Trove only wants it in the catalogue, and its client is a stand-in.
    ['object-store', 'swift', 'http://127.0.0.1:8080/v1/AUTH_%(tenant_id)s'],
  ];
  const add = async ([type, name, url]) => {
    const service = await admin.service(type, name);
    await Promise.all(['public', 'internal', 'admin'].map((iface) => admin.endpoint(service, iface, url)));
  };
  await Promise.all(endpoints.map(add));
}

export async function addIdentities(region) {
  const admin = await administrator(region);
  const named = async (names, make) =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await make(name)])));
  const [projects, users] = await Promise.all([
    named(['service', 'demo', 'alt'], admin.project),
    named(['trove', 'demo', 'alt', 'reader', 'autobackup'], admin.user),
    admin.role('database_backup'), // a role of its own, that implies nothing
    addEndpoints(region, admin),
  ]);
  await Promise.all([
    admin.grant(users.trove, 'admin', projects.service),
    admin.grant(users.demo, 'member', projects.demo),
    admin.grant(users.reader, 'reader', projects.demo),
    admin.grant(users.alt, 'member', projects.alt),
    admin.grant(users.autobackup, 'admin', projects.service), // to read the whole region
    admin.grantEverywhere(users.autobackup, 'database_backup'), // to write as each project
  ]);
}
