import type { Api } from '../../../../../daemon/http/api/server.ts';
import { byId } from '../../../../../daemon/http/contract/common.ts';
import * as policies from '../../../../../daemon/http/contract/policy.ts';
import * as schedules from '../../../../../daemon/http/contract/schedule.ts';
import type { World } from '../world.ts';
import { checkTag, found } from './changed.ts';
import { previewOf } from './preview.ts';

export function policyRoutes(api: Api, world: World): void {
  const read = { rule: 'policy:read' } as const;
  const change = { rule: 'policy:change' } as const;
  const of = (id: string, body: policies.PolicyChange): policies.PolicyView => ({
    id,
    name: body.name,
    layer: 'project',
    project_id: 'p-demo',
    select: { names: body.select?.names ?? [], datastores: body.select?.datastores ?? [] },
    values: null,
    overrides: body.overrides,
    tenant_may: null,
    instances: 1,
    lint: [],
  });
  api.get('/v1/policies', { config: read, schema: { response: { 200: policies.policiesSchema } } }, async () => ({
    policies: [...world.policies],
  }));
  api.post(
    '/v1/policies',
    { config: change, schema: { body: policies.policyBody, response: { 200: policies.policyAnswer } } },
    async ({ body }) => {
      world.note('policy', body);
      return { policy: world.setPolicy(of('pol-new', body)) };
    },
  );
  const known = (id: string) =>
    found(
      'policy',
      id,
      world.policies.find((it) => it.id === id),
    );
  api.get(
    '/v1/policies/:id',
    { config: read, schema: { params: byId, response: { 200: policies.policyAnswer } } },
    async ({ params }, reply) => {
      reply.header('etag', world.etag);
      return { policy: known(params.id) };
    },
  );
  api.put(
    '/v1/policies/:id',
    { config: change, schema: { params: byId, body: policies.policyBody, response: { 200: policies.policyAnswer } } },
    async ({ params, body, headers }) => {
      checkTag(world, headers['if-match']);
      world.note('policy', body);
      return { policy: world.setPolicy(of(params.id, body)) };
    },
  );
  api.delete('/v1/policies/:id', { config: change, schema: { params: byId } }, async ({ params, headers }, reply) => {
    checkTag(world, headers['if-match']);
    world.note('delete-policy', params.id);
    world.removePolicy(params.id);
    return reply.code(204).send();
  });
  api.post(
    '/v1/policies/preview',
    {
      config: { rule: 'policy:preview' },
      schema: { body: policies.policyPreviewBody, response: { 200: schedules.previewAnswer } },
    },
    async ({ body, language }) => {
      world.note('policy-preview', body);
      return { preview: previewOf(world, world.schedule, body.overrides.keep !== undefined, language) };
    },
  );
}
