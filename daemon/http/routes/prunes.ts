import { z } from 'zod';
import { agedUntil, type DurationMs, type Instant, type Language } from '../../../lib/core/index.ts';
import type { Holds } from '../../ports/holds.ts';
import type { Marked, MarksPort } from '../../ports/marks.ts';
import { type AuditDeps, audited } from '../api/audited.ts';
import { nextLinks } from '../api/page.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { viewInstant, viewReason } from '../api/view.ts';
import { prunesQuery, prunesSchema, undoAnswer } from '../contract/backup.ts';
import { byId } from '../contract/common.ts';
import { viewHold } from '../views/backup.ts';
import { asHold, projectMeant } from './holds.ts';

export interface PruneRoutesDeps extends AuditDeps {
  readonly marks: Pick<MarksPort, 'marks' | 'hold'>;
  readonly holds: Pick<Holds, 'undo'>;
  readonly graceMs: () => DurationMs;
}

/** Stored as the note of whoever did it, in his language. */
const TAKEN_BACK: Readonly<Record<Language, string>> = {
  en: 'its mark was taken back',
  vi: 'đã bỏ đánh dấu xóa',
};

const MARKER = /^(\d{1,15})_([\w-]{1,64})$/;
const querystring = prunesQuery.extend({
  marker: z.string().regex(MARKER, 'is the marker of no page; take that of a next link').optional(),
});

function readMarker(text: string | undefined): Pick<Marked, 'markedUtc' | 'backupId'> | null {
  const [, at, backupId] = MARKER.exec(text ?? '') ?? [];
  return at === undefined || backupId === undefined ? null : { markedUtc: Number(at), backupId };
}

const goesUtc = ({ markedUtc, standstills }: Marked, graceMs: DurationMs, nowUtc: Instant): Instant =>
  Math.max(nowUtc, agedUntil(markedUtc, graceMs, standstills, nowUtc));

/** What goes when its grace has ended, and taking that back. */
export const pruneRoutes =
  (deps: PruneRoutesDeps): Routes =>
  (api) => {
    const { marks, holds, graceMs, clock } = deps;
    api.get(
      '/v1/prunes',
      {
        config: { rule: 'backup:read' },
        schema: {
          summary: 'Backups that go when their grace has ended, the newest marks first',
          tags: ['backups'],
          querystring,
          response: { 200: prunesSchema },
        },
      },
      async (request) => {
        const { caller, language, query } = request;
        const nowUtc = clock.nowUtc();
        const { limit, marker } = query;
        const asked = { projectId: scopeOf(caller, query), limit, before: readMarker(marker) };
        const rows = await marks.marks(asked, nowUtc);
        const last = rows.at(-1);
        return {
          prunes: rows.map((row) => ({
            backup_id: row.backupId,
            instance_id: row.instanceId,
            project_id: row.projectId,
            marked_at: viewInstant(row.markedUtc),
            goes_at: viewInstant(goesUtc(row, graceMs(), nowUtc)),
            because: viewReason(row.because, language),
          })),
          prunes_links: nextLinks(request, rows, limit, last && `${last.markedUtc}_${last.backupId}`),
        };
      },
    );
    api.delete(
      '/v1/prunes/:id',
      {
        config: { rule: 'prune:undo' },
        schema: {
          summary: 'Takes the mark of a backup back within its grace, and holds the backup for 7 days',
          tags: ['backups'],
          params: byId,
          querystring: projectMeant.query,
          response: { 200: undoAnswer },
        },
      },
      async (request) => {
        const { caller, params, language } = request;
        const backupId = params.id;
        const projectId = projectMeant.of(caller, request.query);
        const who = { owner: caller.userName, note: TAKEN_BACK[language] };
        const change = { action: 'prune:undo', targetId: backupId, projectId } as const;
        return audited(deps, request, { ...change, after: (answer) => answer }, async () => {
          await asHold(backupId, () => holds.undo({ projectId, backupId, ...who }));
          // Whoever holds it for longer already goes on holding it.
          const hold = await marks.hold(projectId, backupId, clock.nowUtc());
          return { hold: viewHold(hold ?? { ...who, untilUtc: null }) };
        });
      },
    );
  };
