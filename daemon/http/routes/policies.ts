import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../../lib/core/index.ts';
import type { PoliciesPort, PolicyChange, PolicyRefusal, ShownPolicy } from '../../ports/policies.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import { goneSignal } from '../api/gone.ts';
import { etagOf, movedError, revisionAsked } from '../api/revision.ts';
import { readOverrides } from '../api/schedule-read.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { scopeQuery } from '../contract/common.ts';
import {
  type PolicyView,
  policiesSchema,
  policyAnswer,
  policyBody,
  policyById,
  policyPreviewBody,
} from '../contract/policy.ts';
import { previewAnswer } from '../contract/schedule.ts';
import { notFound, refusal } from '../refusals/index.ts';
import { viewLint, viewPreview } from '../views/preview.ts';
import { viewOverrides, viewTenantMay } from '../views/schedule.ts';
import { viewValues } from '../views/values.ts';

export interface PolicyRoutesDeps extends AuditDeps {
  readonly policies: PoliciesPort;
}

const WHAT = 'policy';
const TAGS = { tags: ['policies'] };
const oneProject = z.strictObject({ project_id: scopeQuery.project_id });

function viewPolicy({ id, name, select, instances, lint, of }: ShownPolicy, language: Language): PolicyView {
  const isOwn = of.layer === 'project';
  return {
    id,
    name,
    layer: of.layer,
    project_id: isOwn ? of.projectId : null,
    select: { names: [...select.names], datastores: [...select.datastores] },
    values: isOwn ? null : viewValues(of.policy),
    overrides: isOwn ? viewOverrides(of.overrides) : null,
    tenant_may: isOwn ? null : viewTenantMay(of.tenantMay),
    instances,
    lint: lint.map((row) => viewLint(row, language)),
  };
}

/** @throws ApiError */
function refuse(refused: PolicyRefusal, id: string): never {
  switch (refused.kind) {
    case 'absent':
      throw notFound('policy', id);
    case 'moved':
      throw movedError(WHAT);
    case 'read-only':
      throw refusal('read-only', { policy: refused.name }, { headers: { allow: 'GET' } });
    case 'name-taken':
      throw refusal('name-taken', {});
    case 'too-many':
      throw refusal('too-many-policies', {});
    case 'refused': {
      const { because, over } = refused;
      const more = { title: because.rule, details: { reason: because } };
      throw refusal('policy-out-of-bounds', { because, over }, more);
    }
  }
}

const revisionOf = ({ of }: ShownPolicy): number => (of.layer === 'project' ? of.revision : 0);

/** What members of a project say for several of its instances at once. */
export const policyRoutes =
  ({ policies, ...auditing }: PolicyRoutesDeps): Routes =>
  (api) => {
    const projectOf = (request: FastifyRequest, query: { project_id?: string | undefined }): string =>
      scopeOf(request.caller, { all_projects: false, project_id: query.project_id }) ?? request.caller.projectId;

    async function own(projectId: string, id: string): Promise<ShownPolicy> {
      const found = await policies.show(projectId, id);
      return 'kind' in found ? refuse(found, id) : found;
    }
    function answer(shown: ShownPolicy, request: FastifyRequest, reply: FastifyReply) {
      reply.headers({ etag: etagOf(revisionOf(shown)), 'cache-control': 'private, no-store' });
      return { policy: viewPolicy(shown, request.language) };
    }
    const changeOf = (projectId: string, body: z.output<typeof policyBody>): Omit<PolicyChange, 'id' | 'of'> => ({
      projectId,
      name: body.name,
      select: body.select,
      overrides: readOverrides(body.overrides),
    });
    async function save(
      request: FastifyRequest,
      change: PolicyChange,
      before: ShownPolicy | null,
    ): Promise<ShownPolicy> {
      const seen = (shown: ShownPolicy) => viewPolicy(shown, 'en');
      const target = {
        action: 'policy:change',
        targetId: change.id ?? change.name,
        projectId: change.projectId,
        before: before && seen(before),
        after: seen,
      } as const;
      return audited(auditing, request, target, async () => {
        const found = await policies.save(change);
        return 'kind' in found ? refuse(found, change.id ?? change.name) : found;
      });
    }

    api.get(
      '/v1/policies',
      {
        config: { rule: 'policy:read' },
        schema: {
          ...TAGS,
          summary: "The operator's policies that concern the project, and its own",
          querystring: oneProject,
          response: { 200: policiesSchema },
        },
      },
      async (request) => {
        const found = await policies.list(projectOf(request, request.query));
        return { policies: found.map((shown) => viewPolicy(shown, request.language)) };
      },
    );

    api.post(
      '/v1/policies',
      {
        config: { rule: 'policy:change' },
        schema: {
          ...TAGS,
          summary: "Make a policy of the project's own",
          querystring: oneProject,
          body: policyBody,
          response: { 201: policyAnswer },
        },
      },
      async (request, reply) => {
        const change = changeOf(projectOf(request, request.query), request.body);
        const shown = await save(request, { ...change, id: null, of: 0 }, null);
        reply.code(201).header('location', `policies/${shown.id}`);
        return answer(shown, request, reply);
      },
    );

    api.post(
      '/v1/policies/preview',
      {
        config: { rule: 'policy:preview' },
        schema: {
          ...TAGS,
          summary: 'What a policy would do if it were made, or in the place of the one with policy_id; changes nothing',
          querystring: oneProject,
          body: policyPreviewBody,
          response: { 200: previewAnswer },
        },
      },
      async (request, reply) => {
        const { instance_id: instanceId = null, policy_id: id = null, ...body } = request.body;
        const projectId = projectOf(request, request.query);
        const of = id === null ? 0 : revisionOf(await own(projectId, id));
        const found = await policies.preview({ ...changeOf(projectId, body), id, of }, instanceId, goneSignal(reply));
        if ('kind' in found) return refuse(found, id ?? body.name);
        return { preview: viewPreview(found, null, request.language) };
      },
    );

    api.get(
      '/v1/policies/:id',
      {
        config: { rule: 'policy:read' },
        schema: {
          ...TAGS,
          summary: 'One of them',
          params: policyById,
          querystring: oneProject,
          response: { 200: policyAnswer },
        },
      },
      async (request, reply) => answer(await own(projectOf(request, request.query), request.params.id), request, reply),
    );

    api.put(
      '/v1/policies/:id',
      {
        config: { rule: 'policy:change' },
        schema: {
          ...TAGS,
          summary: "Change a policy of the project's own",
          params: policyById,
          querystring: oneProject,
          body: policyBody,
          response: { 200: policyAnswer },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const projectId = projectOf(request, request.query);
        const before = await own(projectId, id);
        if (before.of.layer === 'operator') return refuse({ kind: 'read-only', name: before.name }, id);
        const of = revisionAsked(request, WHAT, revisionOf(before));
        return answer(await save(request, { ...changeOf(projectId, request.body), id, of }, before), request, reply);
      },
    );

    api.delete(
      '/v1/policies/:id',
      {
        config: { rule: 'policy:change' },
        schema: {
          ...TAGS,
          summary: "Delete a policy of the project's own: its instances go by what lies below",
          params: policyById,
          querystring: oneProject,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const projectId = projectOf(request, request.query);
        const before = await own(projectId, id);
        if (before.of.layer === 'operator') return refuse({ kind: 'read-only', name: before.name }, id);
        const of = revisionAsked(request, WHAT, revisionOf(before));
        const target = { action: 'policy:change', targetId: id, projectId, before: viewPolicy(before, 'en') } as const;
        await audited(auditing, request, target, async () => {
          const found = await policies.remove({ projectId, id, of });
          if (found.kind !== 'removed') refuse(found, id);
        });
        reply.code(204);
        return null;
      },
    );
  };
