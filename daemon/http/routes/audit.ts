import { z } from 'zod';
import type { AuditEntry, AuditPort } from '../../ports/audit.ts';
import { nextLinks } from '../api/page.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { viewInstant } from '../api/view.ts';
import { auditQuery, auditSchema } from '../contract/overview.ts';

export interface AuditRoutesDeps {
  readonly audit: Pick<AuditPort, 'entries'>;
}

type EntryView = z.input<typeof auditSchema>['entries'][number];

const viewEntry = ({ id, atUtc, before, ended, ...entry }: AuditEntry): EntryView => ({
  id,
  at: viewInstant(atUtc),
  project_id: entry.projectId,
  user_id: entry.userId,
  user_name: entry.userName,
  action: entry.action,
  target_id: entry.targetId,
  before,
  after: ended?.after ?? null,
  outcome: ended?.outcome ?? null,
  request_id: entry.requestId,
});

const querystring = auditQuery.extend({
  marker: z
    .string()
    .regex(/^\d{1,15}$/, 'is the id of no entry; take the marker of a next link')
    .optional(),
});

/** Who changed what, the newest first. */
export const auditRoutes =
  ({ audit }: AuditRoutesDeps): Routes =>
  (api) => {
    api.get(
      '/v1/audit',
      {
        config: { rule: 'audit:read' },
        schema: {
          summary: 'Who changed what, before and after',
          tags: ['audit'],
          querystring,
          response: { 200: auditSchema },
        },
      },
      async (request) => {
        const { limit, marker = null, target_id: targetId = null } = request.query;
        const projectId = scopeOf(request.caller, request.query);
        const entries = (await audit.entries({ projectId, targetId, limit, before: marker })).map(viewEntry);
        return { entries, entries_links: nextLinks(request, entries, limit, entries.at(-1)?.id) };
      },
    );
  };
