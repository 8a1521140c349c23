import { startCall } from '../call.ts';
import { eachNewestFirst, readNewestFirst } from '../newest-first.ts';
import { nextMarker, type ReadPage } from '../pages.ts';
import type { Backup, CallOptions, CompleteList, NewBackup, RequestIds, WriteOptions } from '../types.ts';
import { parseBody } from '../validate.ts';
import type { Session } from './session.ts';
import { backupPage, oneBackup, toBackup } from './wire.ts';

export interface BackupFilter {
  readonly instanceId?: string | undefined;
  /** An admin's: this project, or all of them. Without it the list is the token's project. */
  readonly projectId?: string | 'all' | undefined;
  /** All are read, page by page, and only these kept: by what does not change while they are read. */
  readonly keep?: ((backup: Backup) => boolean) | undefined;
}

export async function showBackup(session: Session, id: string, options?: CallOptions): Promise<Backup> {
  const { body } = await session.read(`/backups/${encodeURIComponent(id)}`, oneBackup, startCall(options));
  return toBackup(body.backup);
}

/** Trove: trove/backup/service.py index; `limit` is not capped, 20 is only the default. */
export async function listBackups(
  session: Session,
  filter: BackupFilter,
  options?: CallOptions,
): Promise<CompleteList<Backup>> {
  return await readNewestFirst(pagesOf(session, filter, options), filter.keep);
}

/** Page by page: a page is asked for when the one before is used up. */
export async function* eachBackup(
  session: Session,
  filter: BackupFilter,
  options?: CallOptions,
): AsyncGenerator<Backup, void> {
  const seen = new Set<string>();
  for await (const some of eachNewestFirst(pagesOf(session, filter, options))) {
    for (const backup of some) {
      if (seen.has(backup.id)) continue;
      seen.add(backup.id);
      yield backup;
    }
  }
}

function pagesOf(session: Session, filter: BackupFilter, options?: CallOptions): ReadPage<Backup> {
  const call = startCall(options);
  const query = {
    limit: '1000',
    ...(filter.instanceId === undefined ? {} : { instance_id: filter.instanceId }),
    ...projectQuery(filter.projectId),
  };
  return async (marker) => {
    const search = new URLSearchParams(marker === undefined ? query : { ...query, marker });
    const { body } = await session.read(`/backups?${search}`, backupPage, call);
    return { items: body.backups.map(toBackup), marker: nextMarker(body.links) };
  };
}

function projectQuery(projectId: BackupFilter['projectId']): Record<string, string> {
  if (projectId === undefined) return {};
  return projectId === 'all' ? { all_projects: 'true' } : { project_id: projectId };
}

/** Trove: trove/common/apischema.py backup. `incremental` is never sent: it takes whatever backup is newest as parent. */
export async function createBackup(
  session: Session,
  wanted: NewBackup,
  options?: WriteOptions,
): Promise<Backup & RequestIds> {
  const backup = {
    name: wanted.name,
    instance: wanted.instanceId,
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
    ...(wanted.parentId === undefined ? {} : { parent_id: wanted.parentId }),
  };
  const { answer } = await session.write('POST', '/backups', { backup }, options);
  const { sentRequestId, requestId } = answer;
  return { ...toBackup(parseBody(answer, oneBackup).backup), sentRequestId, requestId };
}

export async function deleteBackup(session: Session, id: string, options?: WriteOptions): Promise<void> {
  await session.write('DELETE', `/backups/${encodeURIComponent(id)}`, undefined, options);
}
