import { expect, it } from 'vitest';
import { shapeOf } from './shape.ts';
import type { Stage } from './stage.ts';
import { askForToken } from './user.ts';

const PROJECT_TOKEN = [
  'token.audit_ids[]: string',
  'token.catalog[].endpoints[].id: string',
  'token.catalog[].endpoints[].interface: string',
  'token.catalog[].endpoints[].region: string',
  'token.catalog[].endpoints[].region_id: string',
  'token.catalog[].endpoints[].url: string',
  'token.catalog[].id: string',
  'token.catalog[].name: string',
  'token.catalog[].type: string',
  'token.expires_at: string',
  'token.is_domain: boolean',
  'token.issued_at: string',
  'token.methods[]: string',
  'token.project.domain.id: string',
  'token.project.domain.name: string',
  'token.project.id: string',
  'token.project.name: string',
  'token.roles[].id: string',
  'token.roles[].name: string',
  'token.user.domain.id: string',
  'token.user.domain.name: string',
  'token.user.id: string',
  'token.user.name: string',
  'token.user.password_expires_at: null',
];

const ANONYMOUS = {
  error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
};

interface Token {
  readonly token: {
    readonly roles: readonly { readonly name: string }[];
    readonly expires_at: string;
    readonly catalog: readonly {
      type: string;
      endpoints: readonly { interface: string; url: string; region: string }[];
    }[];
  };
}

export function describeKeystone(stage: Stage): void {
  const ask = (name: string, password: string, project: string | null) =>
    askForToken(stage.cast.target, { name, password, project });
  const roles = (body: unknown) => (body as Token).token.roles.map(({ name }) => name).sort();

  it('a password and a project give a token with a catalogue, roles, project and user', async () => {
    const { status, headers, body } = await ask('demo', 'demo', 'demo');
    expect(status).toBe(201);
    expect(headers.get('X-Subject-Token')).toMatch(/^gAAAA/);
    expect(headers.get('x-openstack-request-id')).toMatch(/^req-/);
    expect(shapeOf(body)).toEqual(PROJECT_TOKEN);
    expect((body as Token).token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/);
  });

  it('the catalogue has Trove on three interfaces, with the project in the url', async () => {
    const { one } = stage.cast;
    const { body } = await ask('admin', 'secret', 'admin');
    const endpoints = (body as Token).token.catalog.find(({ type }) => type === 'database')?.endpoints ?? [];
    expect(endpoints.map((endpoint) => endpoint.interface).sort()).toEqual(['admin', 'internal', 'public']);
    expect(new Set(endpoints.map(({ region }) => region))).toEqual(new Set(['RegionOne']));
    expect(one.troveUrl).toMatch(new RegExp(`/v1\\.0/${one.projectId}$`));
  });

  it('an unscoped token has neither project, nor roles, nor catalogue', async () => {
    const { status, body } = await ask('demo', 'demo', null);
    expect(status).toBe(201);
    const scoped = /^token\.(project|roles|catalog|is_domain)\b/;
    expect(shapeOf(body)).toEqual(PROJECT_TOKEN.filter((line) => !scoped.test(line)));
  });

  it.each([
    ['a wrong password', 'demo', 'wrong', 'demo'],
    ['a user that is not there', 'nobody', 'demo', 'demo'],
    ['a project that is not there', 'demo', 'demo', 'nowhere'],
    ['a project the user has no role on', 'demo', 'demo', 'alt'],
  ])('%s is one and the same 401', async (_, name, password, project) => {
    const { status, headers, body } = await ask(name, password, project);
    expect(status).toBe(401);
    expect(body).toEqual(ANONYMOUS);
    expect(headers.get('WWW-Authenticate')).toMatch(/^Keystone uri=/);
  });

  it('a role inherited on the domain opens every project, and is the only one there', async () => {
    expect(roles((await ask('autobackup', 'autobackup', 'alt')).body)).toEqual(['database_backup']);
    expect(roles((await ask('autobackup', 'autobackup', 'demo')).body)).toEqual(['database_backup']);
    expect(roles((await ask('autobackup', 'autobackup', 'service')).body)).toContain('admin');
  });

  it('who is admin is member and reader too', async () => {
    expect(roles((await ask('admin', 'secret', 'admin')).body)).toEqual(
      expect.arrayContaining(['admin', 'member', 'reader']),
    );
    expect(roles((await ask('demo', 'demo', 'demo')).body)).toEqual(['member', 'reader']);
  });

  it('an admin may list the projects, a member may not', async () => {
    const { admin, one } = stage.cast;
    const all = await admin.keystone('/projects');
    expect(all.status).toBe(200);
    expect((all.body as { projects: readonly { id: string }[] }).projects.map(({ id }) => id)).toContain(one.projectId);
    expect(shapeOf(all.body).filter((line) => !line.includes('tags'))).toEqual([
      'links.next: null',
      'links.previous: null',
      'links.self: string',
      'projects[].description: string',
      'projects[].domain_id: string',
      'projects[].enabled: boolean',
      'projects[].id: string',
      'projects[].is_domain: boolean',
      'projects[].links.self: string',
      'projects[].name: string',
      'projects[].options: {}',
      'projects[].parent_id: string',
    ]);
    const refused = await one.keystone('/projects');
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ error: { code: 403, title: 'Forbidden' } });
  });

  it('an admin may ask for a domain by its name, a member may not', async () => {
    const { admin, one } = stage.cast;
    const found = await admin.keystone('/domains?name=Default');
    expect(found).toMatchObject({ status: 200, body: { domains: [{ id: 'default', name: 'Default' }] } });
    expect(shapeOf(found.body).filter((line) => !line.includes('tags'))).toEqual([
      'domains[].description: string',
      'domains[].enabled: boolean',
      'domains[].id: string',
      'domains[].links.self: string',
      'domains[].name: string',
      'domains[].options: {}',
      'links.next: null',
      'links.previous: null',
      'links.self: string',
    ]);
    expect((await admin.keystone('/domains?name=Nowhere')).body).toMatchObject({ domains: [] });
    expect((await one.keystone('/domains?name=Default')).status).toBe(403);
  });

  it('a project can be asked for by name, and read alone by its members', async () => {
    const { admin, one, two } = stage.cast;
    const named = (await admin.keystone('/projects?name=demo')).body as { projects: readonly { name: string }[] };
    expect(named.projects.map(({ name }) => name)).toEqual(['demo']);
    expect((await one.keystone(`/projects/${one.projectId}`)).body).toMatchObject({ project: { id: one.projectId } });
    expect((await one.keystone(`/projects/${two.projectId}`)).status).toBe(403);
    expect((await admin.keystone('/projects/nowhere')).body).toEqual({
      error: { code: 404, message: 'Could not find project: nowhere.', title: 'Not Found' },
    });
  });

  it('a user sees the projects open to him', async () => {
    const ids = async (user: typeof stage.cast.one) =>
      ((await user.keystone('/auth/projects')).body as { projects: readonly { id: string }[] }).projects.map(
        ({ id }) => id,
      );
    expect(await ids(stage.cast.one)).toEqual([stage.cast.one.projectId]);
    expect(await ids(stage.cast.service)).toEqual(
      expect.arrayContaining([stage.cast.one.projectId, stage.cast.two.projectId]),
    );
  });

  it('a token can be looked at, and an unknown one is a 404', async () => {
    const { admin, one } = stage.cast;
    const seen = await admin.keystone('/auth/tokens', { 'X-Subject-Token': one.token });
    expect(seen.status).toBe(200);
    expect(shapeOf(seen.body)).toEqual(PROJECT_TOKEN);
    expect((await admin.keystone('/auth/tokens', { 'X-Subject-Token': 'gAAAAABnonsense' })).status).toBe(404);
  });

  it('a token is shown without its catalogue to who asks for none', async () => {
    const { admin, one } = stage.cast;
    const seen = await admin.keystone('/auth/tokens?nocatalog=1', { 'X-Subject-Token': one.token });
    expect(seen.status).toBe(200);
    expect(shapeOf(seen.body)).toEqual(PROJECT_TOKEN.filter((line) => !line.startsWith('token.catalog')));
  });

  it('says which version it speaks to anybody', async () => {
    const { target } = stage.cast;
    const answer = await target.fetch(target.authUrl);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ version: { id: expect.stringMatching(/^v3\./), status: 'stable' } });
  });

  it('without a token everything else is a 401', async () => {
    const { target } = stage.cast;
    const answer = await target.fetch(`${target.authUrl}/projects`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual(ANONYMOUS);
  });
}
