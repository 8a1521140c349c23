import type { Api } from '../../../../../daemon/http/api/server.ts';
import { byId } from '../../../../../daemon/http/contract/common.ts';
import { instanceAnswer } from '../../../../../daemon/http/contract/instance.ts';
import { detailAt } from '../facts.ts';
import type { World } from '../world.ts';

export function instanceRoutes(api: Api, world: World): void {
  const config = { rule: 'instance:read' } as const;
  api.get(
    '/v1/instances/:id',
    { config, schema: { params: byId, response: { 200: instanceAnswer } } },
    async ({ params }) => ({
      // Whatever the list of the lab shows is there, too.
      instance: world.instances.find(({ id }) => id === params.id) ?? detailAt(world.now, { id: params.id }),
    }),
  );
}
