import { startCall } from '../call.ts';
import { eachNewestFirst, readNewestFirst } from '../newest-first.ts';
import { nextMarker, type ReadPage } from '../pages.ts';
import type { Session } from '../session.ts';
import type { Backup, CallOptions, CompleteList, ListOptions, NewBackup, RequestIds, WriteOptions } from '../types.ts';
import { parseBody } from '../validate.ts';
import { OddEntry, regular } from './rows.ts';
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
  options?: ListOptions,
): Promise<CompleteList<Backup>> {
  const { keep = () => true } = filter;
  const wanted = (row: Backup | OddEntry) => row instanceof OddEntry || keep(row);
  const { complete, items } = await readNewestFirst(pagesOf(session, filter, options), wanted);
  return { complete, items: regular<Backup>(items, options?.onOddRow) };
}

/** Page by page: a page is asked for when the one before is used up. */
export async function* eachBackup(
  session: Session,
  filter: BackupFilter,
  options?: ListOptions,
): AsyncGenerator<Backup, void> {
  const seen = new Set<string>();
  for await (const some of eachNewestFirst(pagesOf(session, filter, options))) {
    const news = some.filter(({ id }) => !seen.has(id));
    for (const { id } of news) seen.add(id);
    yield* regular<Backup>(news, options?.onOddRow);
  }
}

function pagesOf(session: Session, filter: BackupFilter, options?: ListOptions): ReadPage<Backup | OddEntry> {
  const call = startCall(options);
  const schema = backupPage(options?.onOddRow !== undefined);
  const query = {
    limit: '1000',
    ...(filter.instanceId === undefined ? {} : { instance_id: filter.instanceId }),
    ...projectQuery(filter.projectId),
  };
  return async (marker) => {
    const search = new URLSearchParams(marker === undefined ? query : { ...query, marker });
    const { body } = await session.read(`/backups?${search}`, schema, call);
    const items = body.backups.map((row) => (row instanceof OddEntry ? row : toBackup(row)));
    return { items, marker: nextMarker(body.links) };
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
