import type { Ids } from './random.ts';
import type { Json } from './wire.ts';

export const IDENTITY_PATH = '/identity/v3';
export const DATABASE_PATH = '/database/v1.0';

/** The catalogue a token of the project carries. */
export type Catalogue = (origin: string, projectId: string) => readonly Json[];

/** Each service on its three interfaces, the project's id in the url. */
export function createCatalogue(ids: Ids, region: string): Catalogue {
  const service = (type: string, name: string) => {
    const interfaces = ['public', 'internal', 'admin'].map((name) => ({ name, id: ids.hex() }));
    const serviceId = ids.hex();
    return (url: string): Json => ({
      endpoints: interfaces.map(({ name, id }) => ({ id, interface: name, region_id: region, url, region })),
      id: serviceId,
      type,
      name,
    });
  };
  const [swift, trove, keystone] = [
    service('object-store', 'swift'),
    service('database', 'trove'),
    service('identity', 'keystone'),
  ];
  return (origin, projectId) => [
    swift(`${origin}/object-store/v1/AUTH_${projectId}`),
    trove(`${origin}${DATABASE_PATH}/${projectId}`),
    keystone(`${origin}${IDENTITY_PATH}/`),
  ];
}
