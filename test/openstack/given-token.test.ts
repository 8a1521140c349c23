import { inspect } from 'node:util';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { createGivenKeystone, createTrove, GIVEN_SCOPE, type KeystoneEndpoint } from '../../lib/openstack/index.ts';
import { KEYSTONE, REFUSED, START, tokenBody } from './keystone-answers.ts';
import { noNetwork } from './no-network.ts';
import { capture, failureOf, PROJECT } from './support.ts';

noNetwork();

const ID = 'gAAAAAB-tenants-own';
const TROVE = 'http://trove.test:8779';

function setUp(options: Partial<KeystoneEndpoint> = {}) {
  const http = { authUrl: KEYSTONE, now: () => START, sleep: () => Promise.resolve(), ...options };
  const keystone = createGivenKeystone({ ...http, token: ID });
  return { keystone, project: createTrove(keystone, http).project(GIVEN_SCOPE) };
}

/** Keystone is asked about the token by itself. */
const shows = () =>
  nock(KEYSTONE, { reqheaders: { 'x-auth-token': ID, 'x-subject-token': ID } }).get('/v3/auth/tokens');
const trove = () => nock(TROVE, { reqheaders: { 'x-auth-token': ID } });

describe('a token that was given', () => {
  it('is looked at once, however many ask, and goes along itself, where its own catalogue leads', async () => {
    shows().reply(200, tokenBody());
    const { keystone, project } = setUp();
    const [one, other] = await Promise.all([
      keystone.token({ scope: GIVEN_SCOPE }),
      keystone.token({ scope: { projectId: PROJECT }, fresh: true }),
    ]);
    expect(one).toBe(other);
    expect([one.id, one.projectId, await keystone.unscopedToken()]).toEqual([ID, PROJECT, ID]);
    trove().delete(`/v1.0/${PROJECT}/backups/b1`).reply(202);
    await project.backups.delete('b1');
  });

  it('goes to the endpoint that stands in the place of the catalogue’s', async () => {
    shows().reply(200, tokenBody({ catalog: [] }));
    const { keystone } = setUp({ databaseEndpointOverride: 'http://other.test/v1.0/%(project_id)s' });
    expect(keystone.databaseUrl(await keystone.token({ scope: GIVEN_SCOPE }))).toBe(
      `http://other.test/v1.0/${PROJECT}`,
    );
  });

  it('is of its own project alone', async () => {
    shows().reply(200, tokenBody());
    const error = await failureOf(setUp().keystone.token({ scope: { projectId: 'another' } }));
    expect(error).toMatchObject({ code: 'no-role', delivery: 'not-sent' });
    expect(error.message).toContain(`is of project ${PROJECT}, not of project another`);
  });

  it('that has no project is refused', async () => {
    shows().reply(200, tokenBody({ project: undefined, roles: undefined, catalog: undefined }));
    expect(await failureOf(setUp().keystone.token({ scope: GIVEN_SCOPE }))).toMatchObject({ code: 'no-role' });
  });

  it.each([
    { status: 401, body: REFUSED },
    { status: 404, body: { error: { code: 404, message: 'Could not find token: x.', title: 'Not Found' } } },
  ])('that Keystone does not know ($status) is not good any more, and nothing was sent', async ({ status, body }) => {
    shows().reply(status, body);
    const error = await failureOf(setUp().project.backups.delete('b1'));
    expect(error).toMatchObject({ code: 'unauthorized', delivery: 'not-sent' });
    expect(inspect(error, { depth: 9 })).not.toContain(ID);
  });

  it('is asked about again after Keystone was away', async () => {
    shows().times(3).reply(503, 'away');
    shows().reply(200, tokenBody());
    const { keystone } = setUp();
    expect(await failureOf(keystone.token({ scope: GIVEN_SCOPE }))).toMatchObject({ code: 'server' });
    expect((await keystone.token({ scope: GIVEN_SCOPE })).id).toBe(ID);
  });

  it('that Trove refuses is tried nowhere again: there is no other one', async () => {
    shows().reply(200, tokenBody());
    trove()
      .get(`/v1.0/${PROJECT}/backups/b1`)
      .reply(401, capture('no such token').body as nock.Body);
    const { project } = setUp();
    expect(await failureOf(project.backups.show('b1'))).toMatchObject({ code: 'unauthorized' });
    expect(await failureOf(project.backups.delete('b1'))).toMatchObject({ code: 'unauthorized', delivery: 'not-sent' });
  });

  it('whose first asker gives up is there for the others', async () => {
    shows().delay(20).reply(200, tokenBody());
    const { keystone } = setUp();
    const stop = new AbortController();
    const first = failureOf(keystone.token({ scope: GIVEN_SCOPE, signal: stop.signal }));
    const second = keystone.token({ scope: GIVEN_SCOPE });
    stop.abort();
    expect(await first).toMatchObject({ code: 'aborted', delivery: 'not-sent' });
    expect((await second).id).toBe(ID);
  });
});
