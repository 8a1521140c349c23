import Database from 'better-sqlite3';
import type { RetentionPort } from '../../daemon/ports/retention.ts';
import { retentionStore } from '../../daemon/store/retention.ts';
import type { Resource } from '../region/tenant.ts';
import type { LogLine } from './daemon-process.ts';
import { isOurs, type Scene } from './scene.ts';

const MINUTE = 60_000;

/** Looks and graces of seconds, in place of hours and days. */
export const PRUNING = { reconcile: { every: '2s' }, prune: { grace: '3s', quarantine: '0s' } };

/** Ids, the newest last. */
export const ours = async ({ backups }: Scene, id: string): Promise<readonly string[]> =>
  (await backups(id)).filter(isOurs).map((backup) => backup.id);

export const made = ({ stage }: Scene, id: string): readonly (string | null)[] =>
  stage.runs(id).flatMap((run) => (run.state === 'completed' ? [run.backup_id] : []));

export const deleted = ({ stage }: Scene): readonly unknown[] =>
  stage.daemon.lines.flatMap((line) => (line.event === 'prune.deleted' ? [line['backup']] : []));

/** Waits until so many more have gone, as the log says from a line on. */
export async function moreDeleted(
  { stage: { daemon } }: Scene,
  count: number,
  from: number,
  timeoutMs = MINUTE,
): Promise<void> {
  for (let n = 0, next = from; n < count; n++) {
    next = daemon.lines.indexOf(await daemon.event('prune.deleted', { from: next, timeoutMs })) + 1;
  }
}

export const blocked = ({ stage }: Scene, backup: string | undefined, from = 0): Promise<LogLine> =>
  stage.daemon.event('prune.blocked', { from, timeoutMs: MINUTE, where: (line) => line['backup'] === backup });

/** With the daemon's store in hand, as its operator has it until there is a command for it. */
export async function inStore<T>(scene: Scene, act: (store: RetentionPort) => Promise<T>): Promise<T> {
  const db = new Database(scene.stage.storePath);
  try {
    return await act(retentionStore(db));
  } finally {
    db.close();
  }
}

/** COMPLETED backups in Trove's own list whose parent is not among them: nothing can be restored from these. */
export function orphans(rows: readonly Resource[]): readonly string[] {
  const complete = rows.filter(({ status }) => status === 'COMPLETED');
  const there = new Set(complete.map(({ id }) => id));
  return complete.flatMap(({ id, parent_id: parent }) => (parent && !there.has(String(parent)) ? [id] : []));
}

/** When each DELETE of a backup came through. */
export const deletionsMs = ({ stage }: Scene): readonly number[] =>
  stage.proxy.passed.flatMap(({ method, path, atMs }) =>
    method === 'DELETE' && path.includes('/backups/') ? [atMs] : [],
  );
