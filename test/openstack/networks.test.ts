import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { createNeutron, type KeystoneEndpoint, type Token } from '../../lib/openstack/index.ts';
import { noNetwork } from './no-network.ts';
import { failureOf, makeToken, PROJECT, stubKeystone, TOKEN_ID } from './support.ts';

noNetwork();

const NEUTRON = 'http://neutron.test:9696';
const QUERY = '/networks?fields=id&fields=name&fields=project_id&fields=shared&fields=router%3Aexternal';
const scope = { projectId: PROJECT };

/** A row as Neutron's API reference shows it, cut to the fields that are asked for. */
const row = (id: string, change: object = {}) => ({
  id,
  name: `net-${id}`,
  project_id: PROJECT,
  shared: false,
  'router:external': false,
  ...change,
});

const endpoint = (url: string, change: object = {}) =>
  ({ type: 'network', interface: 'public', region: 'RegionOne', url, ...change }) as const;

function setUp(catalogue: Token['catalogue'], options: Partial<KeystoneEndpoint> = {}) {
  const keystone = { ...stubKeystone(), token: () => Promise.resolve(makeToken(PROJECT, catalogue)) };
  return createNeutron(keystone, { authUrl: 'http://keystone.test', sleep: () => Promise.resolve(), ...options });
}

describe('the networks that a token may see', () => {
  it.each([NEUTRON, `${NEUTRON}/`, `${NEUTRON}/v2.0`, `${NEUTRON}/v2.0/`])('are found at %s', async (url) => {
    nock(NEUTRON, { reqheaders: { 'x-auth-token': TOKEN_ID } })
      .get(`/v2.0${QUERY}`)
      .reply(200, {
        networks: [row('n1'), row('n2', { shared: true, project_id: 'p9', 'router:external': undefined })],
      });
    expect(await setUp([endpoint(url)]).networks(scope)).toEqual([
      { id: 'n1', name: 'net-n1', projectId: PROJECT, shared: false, external: false },
      { id: 'n2', name: 'net-n2', projectId: 'p9', shared: true },
    ]);
  });

  it('come page by page where an operator caps them', async () => {
    const next = { rel: 'next', href: `${NEUTRON}/v2.0/networks?marker=n1` };
    nock(NEUTRON)
      .get(`/v2.0${QUERY}`)
      .reply(200, { networks: [row('n1')], networks_links: [next] });
    nock(NEUTRON)
      .get(`/v2.0${QUERY}&marker=n1`)
      .reply(200, { networks: [row('n2')], networks_links: [] });
    expect((await setUp([endpoint(NEUTRON)]).networks(scope))?.map(({ id }) => id)).toEqual(['n1', 'n2']);
  });

  it('are of the region and the interface that are meant', async () => {
    const inside = endpoint('http://inside.test', { interface: 'internal', region: 'RegionTwo' });
    nock('http://inside.test').get(`/v2.0${QUERY}`).reply(200, { networks: [] });
    const neutron = setUp([endpoint(NEUTRON), inside], { interface: 'internal', regionName: 'RegionTwo' });
    expect(await neutron.networks(scope)).toEqual([]);
  });

  it('are null where the catalogue has no Neutron, and an error where it has it elsewhere', async () => {
    expect(await setUp([]).networks(scope)).toBeNull();
    const elsewhere = setUp([endpoint(NEUTRON)], { regionName: 'RegionTwo' }).networks(scope);
    expect(await failureOf(elsewhere)).toMatchObject({ code: 'no-endpoint', delivery: 'not-sent' });
  });

  it('are refused where their pages do not end, or are of another shape', async () => {
    const next = { rel: 'next', href: '?marker=n1' };
    const endless = { networks: [row('n1')], networks_links: [next] };
    nock(NEUTRON)
      .get(/networks/)
      .times(100)
      .reply(200, endless);
    const neutron = setUp([endpoint(NEUTRON)]);
    expect(await failureOf(neutron.networks(scope))).toMatchObject({ code: 'incomplete' });
    nock(NEUTRON)
      .get(/networks/)
      .reply(200, { networks: [{ id: 'n1' }] });
    expect(await failureOf(neutron.networks(scope))).toMatchObject({ code: 'malformed', field: 'networks[0].name' });
  });

  it('a refusal in Neutron’s words is a refusal', async () => {
    const body = {
      NeutronError: { type: 'PolicyNotAuthorized', message: 'rule:get_network is disallowed', detail: '' },
    };
    nock(NEUTRON)
      .get(/networks/)
      .reply(403, body);
    const error = await failureOf(setUp([endpoint(NEUTRON)]).networks(scope));
    expect(error).toMatchObject({ code: 'forbidden', status: 403 });
    expect(error.message).toContain('rule:get_network is disallowed');
  });
});
