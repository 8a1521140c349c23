import { expect } from 'vitest';
import { signIn, tokenOf, User } from '../contract/user.ts';
import type { Scene } from '../line/scene.ts';
import { apiOf, ask } from '../line/served.ts';
import type { Answer } from './answer.ts';
import { openTerminal, tokenIn, told } from './examples/terminal.ts';

const DEMO = { OS_USERNAME: 'demo', OS_PASSWORD: 'demo', OS_PROJECT_NAME: 'demo' };
const ADMIN = { OS_USERNAME: 'admin', OS_PASSWORD: 'secret', OS_PROJECT_NAME: 'admin' };
const RULES = JSON.stringify([{ service: 'database', method: 'GET', path: '/v1.0/**' }]);
const BOTH = ['alt', 'demo'];

/** A token of an application credential with access rules, both got by the `openstack` command. */
async function withAccessRules({ region }: Scene): Promise<string> {
  const making = `openstack application credential create ruled --access-rules '${RULES}' -f json -c id -c secret`;
  const { id, secret } = JSON.parse(await told(openTerminal(region, DEMO), making)) as Record<'id' | 'secret', string>;
  const proof = { OS_APPLICATION_CREDENTIAL_ID: id, OS_APPLICATION_CREDENTIAL_SECRET: secret };
  return await tokenIn(openTerminal(region, { OS_AUTH_TYPE: 'v3applicationcredential', ...proof }));
}

/** A token of one without, that has one of its maker's two roles. */
async function withOneRole({ region: { authUrl } }: Scene): Promise<string> {
  const maker = await User.login({ authUrl, fetch }, { name: 'demo', password: 'demo', project: 'demo' });
  const application_credential = { name: 'reads', roles: [{ name: 'reader' }] };
  const path = `/users/${maker.userId}/application_credentials`;
  const { body } = await maker.keystone(path, {}, 'POST', { application_credential });
  const made = (body as { application_credential: { id: string; secret: string } }).application_credential;
  const proof = { id: made.id, secret: made.secret };
  const identity = { methods: ['application_credential'], application_credential: proof };
  return tokenOf(await signIn({ authUrl, fetch }, { identity }));
}

/** A session as the page has it, by cookie. */
function sessionOf(scene: Scene) {
  let [cookie, csrf] = ['', ''];
  return async (method: string, body?: object) => {
    const response = await fetch(`${apiOf(scene)}/v1/session`, {
      method,
      headers: { cookie, 'x-csrf-token': csrf, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const answer = { status: response.status, body: (await response.json()) as Answer['body'] };
    csrf = answer.body.session?.csrf ?? csrf;
    return answer;
  };
}

/** With access rules it opens nothing, as wherever keystonemiddleware has been told no `service_type`; without them its own project. */
export async function opensByCredential(scene: Scene): Promise<void> {
  const ruled = await withAccessRules(scene);
  const refusals = [
    await ask(scene, ruled, 'GET', 'instances'),
    await ask(scene, ruled, 'GET', 'session'),
    await sessionOf(scene)('POST', { token: ruled }),
  ];
  expect(refusals.map(({ status, body }) => [status, body.error.title])).toEqual(Array(3).fill([401, 'access-rules']));
  const url = `${scene.region.troveUrl}/v1.0/${scene.user.projectId}/instances`;
  expect((await fetch(url, { headers: { 'x-auth-token': ruled } })).status).toBe(401);

  const session = sessionOf(scene);
  const token = await withOneRole(scene);
  const { status, body } = await session('POST', { token });
  expect([status, body.session.project.name, body.session.roles]).toEqual([200, 'demo', ['reader']]);
  expect((await ask(scene, token, 'GET', 'instances')).status).toBe(200);
}

/** Who names no project is let into his default one, though another is the first by name, and where he has a role there. */
export async function entersDefaultProject(scene: Scene): Promise<void> {
  const orders = [
    ...['nomad', 'stray'].map((name) => `user create --project demo --password ${name} ${name}`),
    ...BOTH.map((project) => `role add --user nomad --project ${project} member`),
    'role add --user stray --project alt member',
  ];
  await told(openTerminal(scene.region, ADMIN), `openstack <<END\n${orders.join('\n')}\nEND`);

  const session = sessionOf(scene);
  const seen = async (method: string, sent?: object) => {
    const { status, body } = await session(method, sent);
    return [status, body.session.project.name, body.session.projects.map(({ name }) => name).sort()];
  };
  expect(await seen('POST', { user: 'stray', password: 'stray' })).toEqual([200, 'alt', ['alt']]);
  expect(await seen('POST', { user: 'nomad', password: 'nomad' })).toEqual([200, 'demo', BOTH]);
  const { projects } = (await session('GET')).body.session;
  for (const name of BOTH) {
    const project_id = projects.find((project) => project.name === name)?.id;
    expect(await seen('PUT', { project_id })).toEqual([200, name, BOTH]);
    expect(await seen('GET')).toEqual([200, name, BOTH]);
  }
  // An openrc file without a project.
  const token = await tokenIn(openTerminal(scene.region, { OS_USERNAME: 'nomad', OS_PASSWORD: 'nomad' }));
  expect((await ask(scene, token, 'GET', 'session')).body.session.project.name).toBe('demo');
}
