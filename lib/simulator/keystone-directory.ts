import { DOMAIN, type Project } from './identity.ts';
import { type KeystoneAction, type KeystoneCall, listAnswer } from './keystone-call.ts';
import { absent, forbidden } from './keystone-fault.ts';
import { domainView, projectView, roleLinkView, userView } from './keystone-views.ts';
import { isAdmin } from './token-check.ts';
import { projectOf } from './tokens.ts';
import type { Answer } from './wire.ts';

// Projects, domains, users and roles, to be read.

export const listProjects: KeystoneAction = (call) => {
  const { searchParams } = call.url;
  const [name, domain, enabled] = ['name', 'domain_id', 'enabled'].map((key) => searchParams.get(key));
  const fits = (one: Project) =>
    (!name || one.name === name) &&
    (!domain || one.domainId === domain) &&
    (!enabled || String(one.enabled) === enabled.toLowerCase());
  return projectList(call, [...call.world.identity.projects.values()].filter(fits));
};

/** Whatever the token opens: where its user has a role. */
export const listOwnProjects: KeystoneAction = (call) => projectList(call, projectsOf(call, call.caller.token.userId));

export const listProjectsOfUser: KeystoneAction = (call) => {
  const userId = call.ids[0] ?? '';
  if (call.caller.token.userId !== userId && !isAdmin(call.caller)) throw forbidden('identity:list_user_projects');
  return projectList(call, projectsOf(call, userId));
};

const projectsOf = ({ world: { identity } }: KeystoneCall, userId: string): readonly Project[] =>
  [...identity.projects.values()].filter(({ id }) => identity.rolesOn(userId, id).length > 0);

const projectList = (call: KeystoneCall, rows: readonly Project[]): Answer =>
  listAnswer(
    call,
    'projects',
    rows.map((row) => projectView(call.world, row)),
  );

export const showProject: KeystoneAction = ({ world, ids, caller }) => {
  const id = ids[0] ?? '';
  if (!isAdmin(caller) && projectOf(caller.token) !== id) throw forbidden('identity:get_project');
  const project = world.identity.projects.get(id);
  if (project === undefined) throw absent('project', id);
  return { status: 200, body: { project: projectView(world, project) } };
};

/** There is but one domain. Keystone: keystone/api/domains.py */
export const listDomains: KeystoneAction = (call) => {
  const name = call.url.searchParams.get('name') ?? DOMAIN.name;
  return listAnswer(call, 'domains', name === DOMAIN.name ? [domainView(call.world)] : []);
};

export const listUsers: KeystoneAction = (call) => {
  const { searchParams } = call.url;
  const [name, domain] = ['name', 'domain_id'].map((key) => searchParams.get(key));
  const users = [...call.world.identity.users.values()];
  const rows = users.filter((one) => (!name || one.name === name) && (!domain || one.domainId === domain));
  return listAnswer(
    call,
    'users',
    rows.map((row) => userView(call.world, row)),
  );
};

export const showUser: KeystoneAction = ({ world, ids, caller }) => {
  const id = ids[0] ?? '';
  if (!isAdmin(caller) && caller.token.userId !== id) throw forbidden('identity:get_user');
  const user = world.identity.users.get(id);
  if (user === undefined) throw absent('user', id);
  return { status: 200, body: { user: userView(world, user) } };
};

export const listRoles: KeystoneAction = (call) => {
  const name = call.url.searchParams.get('name');
  const rows = call.world.identity.roles().filter((role) => !name || role.name === name);
  return listAnswer(
    call,
    'roles',
    rows.map((row) => roleLinkView(call.world, row)),
  );
};
