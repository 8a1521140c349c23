import { OpenStackError } from './errors.ts';
import type { Token } from './token.ts';
import type { Interface, KeystoneEndpoint } from './types.ts';
import { assertUrl } from './url.ts';

/** One endpoint of a token's catalogue. (Keystone: keystone/models/token_model.py, keystone/catalog/core.py) */
export interface Endpoint {
  readonly type: string;
  readonly interface: string;
  readonly region: string | null;
  readonly url: string;
}

export interface EndpointQuery {
  readonly type: string;
  readonly interface: Interface;
  readonly regionName: string | undefined;
}

/** The one endpoint asked for; the error lists what the catalogue has instead. */
export function findEndpoint(catalogue: readonly Endpoint[], query: EndpointQuery): Endpoint {
  const ofType = catalogue.filter(({ type }) => type === query.type);
  const fitting = ofType.filter(
    (endpoint) =>
      endpoint.interface === query.interface &&
      (query.regionName === undefined || endpoint.region === query.regionName),
  );
  const [first] = fitting;
  const regions = new Set(fitting.map(({ region }) => region));
  if (first !== undefined && regions.size === 1) return first;

  const asked = `"${query.type}" endpoint, interface ${query.interface}, region ${query.regionName ?? '(any)'}`;
  const problem = first === undefined ? `The catalogue has no ${asked}` : `The catalogue has more than one ${asked}`;
  const next = first === undefined ? 'set the region, the interface or the endpoint' : 'say which region';
  throw new OpenStackError(`${problem}; it has ${inventory(ofType, catalogue)}; ${next}`, {
    code: 'no-endpoint',
    delivery: 'not-sent',
  });
}

function inventory(ofType: readonly Endpoint[], catalogue: readonly Endpoint[]): string {
  if (ofType.length > 0) return ofType.map((endpoint) => `${endpoint.interface} in ${endpoint.region}`).join(', ');
  const types = [...new Set(catalogue.map(({ type }) => type))].sort();
  return types.length > 0 ? `only ${types.join(', ')}` : 'nothing at all';
}

const TEMPLATE = /[%$]\((project_id|tenant_id)\)s/g;
const VERSION = /\/v\d+(\.\d+)?$/;

/**
 * Trove's URL for a project. Templates are filled in, as keystoneauth1 does in an endpoint override (session.py
 * _StringFormatter) and Keystone in a catalogue. A URL that names no project gets `/v1.0` (unless it has a version) and
 * the project id: openstacksdk takes it as it stands, and every call then fails, for Trove's paths start with the project.
 */
export function databaseUrl(url: string, projectId: string): string {
  const filled = url.replace(TEMPLATE, projectId).replace(/\/+$/, '');
  if (filled.split('/').includes(projectId)) return filled;
  return `${VERSION.test(filled) ? filled : `${filled}/v1.0`}/${projectId}`;
}

type Choice = Pick<KeystoneEndpoint, 'databaseEndpointOverride' | 'interface' | 'regionName'>;

/** Where Trove is for the project of a token: the catalogue's endpoint, or the one in its place. */
export function databaseUrlOf(choice: Choice): (token: Token) => string {
  const { databaseEndpointOverride: override, interface: face = 'public', regionName } = choice;
  if (override !== undefined) assertUrl('databaseEndpointOverride', override);
  return ({ catalogue, projectId }) => {
    const found = override ?? findEndpoint(catalogue, { type: 'database', interface: face, regionName }).url;
    return databaseUrl(found, projectId);
  };
}
