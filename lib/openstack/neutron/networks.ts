import { z } from 'zod';
import { inheritLimits, startCall } from '../call.ts';
import { findEndpoint } from '../catalogue.ts';
import { OpenStackError } from '../errors.ts';
import type { Keystone } from '../keystone.ts';
import { linksSchema, nextMarker } from '../pages.ts';
import { createSessions } from '../session.ts';
import type { Token } from '../token.ts';
import type { CallOptions, KeystoneEndpoint, Network, Scope } from '../types.ts';

export interface Neutron {
  /**
   * All networks that the token may see: of its project, shared with it, and those that are external; of every project for
   * an admin. Null where the catalogue has no Neutron.
   * @throws OpenStackError `incomplete` where its pages do not end
   */
  networks(scope: Scope, call?: CallOptions): Promise<readonly Network[] | null>;
}

const MOST_PAGES = 100;
const FIELDS = ['id', 'name', 'project_id', 'shared', 'router:external'];
const VERSION = /\/v\d+(\.\d+)?$/;

/** Neutron: neutron_lib/api/definitions/network.py, external_net.py */
const networkSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    project_id: z.string(),
    shared: z.boolean(),
    'router:external': z.boolean().nullish(),
  })
  .transform(
    ({ id, name, shared, project_id: projectId, 'router:external': external }): Network => ({
      id,
      name,
      projectId,
      shared,
      ...(external != null && { external }),
    }),
  );
/** Pages are linked to where an operator caps them. (Neutron: neutron/api/v2/base.py, pagination_max_limit) */
const page = z.object({ networks: z.array(networkSchema), networks_links: linksSchema });

/** Neutron v2.0 by the tokens of `keystone`; `options` are those it was made with. */
export function createNeutron(keystone: Keystone, options: KeystoneEndpoint): Neutron {
  const open = createSessions(keystone, { name: 'network', url: networkUrlOf(options) }, options);
  return {
    async networks(scope, limits) {
      const call = startCall(limits);
      const { catalogue } = await keystone.token({ scope, ...inheritLimits(call) });
      if (!catalogue.some(({ type }) => type === 'network')) return null;
      const session = open(scope);
      const found: Network[] = [];
      let marker: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const query = new URLSearchParams(FIELDS.map((field): [string, string] => ['fields', field]));
        if (marker !== undefined) query.set('marker', marker);
        const { body } = await session.read(`/networks?${query}`, page, call);
        found.push(...body.networks);
        marker = nextMarker(body.networks_links);
        if (marker === undefined) return found;
      }
      const text = `The list of networks has more than ${MOST_PAGES} pages; raise pagination_max_limit of Neutron`;
      throw new OpenStackError(text, { code: 'incomplete', delivery: 'answered' });
    },
  };
}

/** Catalogues have it with its version or without. */
function networkUrlOf({ interface: face = 'public', regionName }: KeystoneEndpoint): (token: Token) => string {
  return ({ catalogue }) => {
    const url = findEndpoint(catalogue, { type: 'network', interface: face, regionName }).url.replace(/\/+$/, '');
    return VERSION.test(url) ? url : `${url}/v2.0`;
  };
}
