import type { Ids } from './random.ts';
import type { Json } from './wire.ts';

export const IDENTITY_PATH = '/identity/v3';
export const DATABASE_PATH = '/database/v1.0';

/** The catalogue a token of the project carries; of none: services whose url needs one are without endpoints. */
export type Catalogue = (origin: string, projectId: string | null) => readonly Json[];

/** Each service on its three interfaces, the project's id in the url. */
export function createCatalogue(ids: Ids, region: string): Catalogue {
  const service = (type: string, name: string) => {
    const interfaces = ['public', 'internal', 'admin'].map((name) => ({ name, id: ids.hex() }));
    const serviceId = ids.hex();
    return (url: string | null): Json => ({
      endpoints:
        url === null ? [] : interfaces.map(({ name, id }) => ({ id, interface: name, region_id: region, url, region })),
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
    swift(projectId === null ? null : `${origin}/object-store/v1/AUTH_${projectId}`),
    trove(projectId === null ? null : `${origin}${DATABASE_PATH}/${projectId}`),
    keystone(`${origin}${IDENTITY_PATH}/`),
  ];
}
