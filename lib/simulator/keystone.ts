import { type Catalogue, IDENTITY_PATH } from './catalogue.ts';
import { DOMAIN, type Project, type TokenRow, type User } from './identity.ts';
import { domainView, projectView, tokenView, versionView } from './keystone-views.ts';
import { type Answer, challenge, isJson, type Json, toResponse } from './wire.ts';
import type { World } from './world.ts';

/** Answers for Keystone's v3 API, as much of it as a client of Trove needs. */
export async function answerKeystone(
  world: World,
  catalogue: Catalogue,
  request: Request,
  url: URL,
): Promise<Response> {
  const answer = await keystoneAnswer(world, catalogue, request, url);
  return toResponse(answer, { Vary: 'X-Auth-Token', 'x-openstack-request-id': world.ids.request() });
}

async function keystoneAnswer(world: World, catalogue: Catalogue, request: Request, url: URL): Promise<Answer> {
  const path = url.pathname.slice(IDENTITY_PATH.length).replace(/\/$/, '');
  if (path === '' && request.method === 'GET') return { status: 200, body: versionView(world) };
  if (path === '/auth/tokens' && request.method === 'POST') {
    return authenticate(world, catalogue, await request.json().catch(() => null));
  }
  const token = world.identity.token(request.headers.get('X-Auth-Token'), world.clock.nowUtc());
  if (token === undefined) return unauthorized(world);
  if (path === '/auth/tokens') return subject(world, catalogue, request);
  if (request.method !== 'GET') return error(404, 'Not Found', 'The requested URL was not found on the server.');
  if (path === '/auth/projects') return projects(world, url, mine(world, token));
  if (path === '/domains') return listDomains(world, url, token);
  if (path === '/projects') return listProjects(world, url, token);
  const id = /^\/projects\/([^/]+)$/.exec(path)?.[1];
  if (id !== undefined) return showProject(world, token, id);
  return error(404, 'Not Found', 'The requested URL was not found on the server.');
}

const error = (code: number, title: string, message: string): Answer => ({
  status: code,
  body: { error: { code, message, title } },
});

const unauthorized = (world: World): Answer => ({
  ...error(401, 'Unauthorized', 'The request you have made requires authentication.'),
  headers: challenge(`${world.origin}${IDENTITY_PATH}`),
});

const forbidden = (rule: string): Answer =>
  error(403, 'Forbidden', `You are not authorized to perform the requested action: ${rule}.`);

const isAdmin = (token: TokenRow): boolean => token.roles.some(({ name }) => name === 'admin');

/** POST /auth/tokens. A wrong name, a wrong password and a project without a role are one and the same 401. */
function authenticate(world: World, catalogue: Catalogue, body: unknown): Answer {
  const auth = isJson(body) && isJson(body['auth']) ? body['auth'] : undefined;
  const identity = auth !== undefined && isJson(auth['identity']) ? auth['identity'] : undefined;
  const password = identity !== undefined && isJson(identity['password']) ? identity['password'] : undefined;
  if (auth === undefined || password === undefined || !isJson(password['user'])) {
    return error(400, 'Bad Request', 'Expecting to find password in identity. The client is assumed to be in error.');
  }
  const user = findUser(world, password['user']);
  if (user === undefined || !user.enabled || user.password !== password['user']['password']) return unauthorized(world);
  const now = world.clock.nowUtc();
  const scope = isJson(auth['scope']) ? auth['scope'] : undefined;
  if (scope === undefined) return issued(world, catalogue, world.identity.issue(user.id, null, now));
  const project = isJson(scope['project']) ? findProject(world, scope['project']) : undefined;
  if (project === undefined || !project.enabled) return unauthorized(world);
  if (world.identity.rolesOn(user.id, project.id).length === 0) return unauthorized(world);
  return issued(world, catalogue, world.identity.issue(user.id, project.id, now));
}

function findUser({ identity }: World, named: Json): User | undefined {
  const { id, name, domain } = named;
  if (typeof id === 'string') return identity.users.get(id);
  return typeof name === 'string' && isOurDomain(domain) ? identity.userByName(name) : undefined;
}

function findProject({ identity }: World, named: Json): Project | undefined {
  const { id, name, domain } = named;
  if (typeof id === 'string') return identity.projects.get(id);
  return typeof name === 'string' && isOurDomain(domain) ? identity.projectByName(name) : undefined;
}

const isOurDomain = (domain: unknown): boolean =>
  isJson(domain) && (domain['id'] === DOMAIN.id || domain['name'] === DOMAIN.name);

const issued = (world: World, catalogue: Catalogue, token: TokenRow): Answer => ({
  status: 201,
  body: { token: tokenView(world, catalogue, token) },
  headers: { 'X-Subject-Token': token.id },
});

/** GET and DELETE /auth/tokens: looks at a token, or revokes it. */
function subject(world: World, catalogue: Catalogue, request: Request): Answer {
  const id = request.headers.get('X-Subject-Token');
  const token = world.identity.token(id, world.clock.nowUtc());
  if (token === undefined) return error(404, 'Not Found', 'Could not recognize Fernet token');
  if (request.method === 'DELETE') {
    world.identity.forget(token.id);
    return { status: 204, body: null };
  }
  return { ...issued(world, catalogue, token), status: 200 };
}

function listProjects(world: World, url: URL, token: TokenRow): Answer {
  if (!isAdmin(token)) return forbidden('identity:list_projects');
  const name = url.searchParams.get('name');
  const domain = url.searchParams.get('domain_id');
  const all = [...world.identity.projects.values()];
  return projects(
    world,
    url,
    all.filter((one) => (!name || one.name === name) && (!domain || one.domainId === domain)),
  );
}

function showProject(world: World, token: TokenRow, id: string): Answer {
  if (!isAdmin(token) && token.projectId !== id) return forbidden('identity:get_project');
  const project = world.identity.projects.get(id);
  if (project === undefined) return error(404, 'Not Found', `Could not find project: ${id}.`);
  return { status: 200, body: { project: projectView(world, project) } };
}

const mine = (world: World, token: TokenRow): readonly Project[] =>
  [...world.identity.projects.values()].filter(({ id }) => world.identity.rolesOn(token.userId, id).length > 0);

/** There is but one domain. Keystone: keystone/api/domains.py */
function listDomains(world: World, url: URL, token: TokenRow): Answer {
  if (!isAdmin(token)) return forbidden('identity:list_domains');
  const name = url.searchParams.get('name') ?? DOMAIN.name;
  const domains = name === DOMAIN.name ? [domainView(world)] : [];
  return { status: 200, body: { domains, links: pageLinks(world, url) } };
}

const projects = (world: World, url: URL, rows: readonly Project[]): Answer => ({
  status: 200,
  body: { projects: rows.map((row) => projectView(world, row)), links: pageLinks(world, url) },
});

const pageLinks = (world: World, url: URL): Json => ({
  next: null,
  self: `${world.origin}${url.pathname}${url.search}`,
  previous: null,
});
