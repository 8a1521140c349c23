import type { Backup } from '../../lib/core/index.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { Reading } from './backups.ts';

/** Ids of all that stands on a backup, on however many others between. */
function standingOn(id: string, childrenOf: ReadonlyMap<string | null, readonly Backup[]>): readonly string[] {
  const found = new Set<string>();
  for (const next = [id]; next.length > 0; ) {
    for (const child of childrenOf.get(next.pop() ?? null) ?? []) {
      if (found.has(child.id)) continue;
      found.add(child.id);
      next.push(child.id);
    }
  }
  return [...found];
}

/**
 * A DELETE that hangs may be carried out hours later, and takes along whatever was made on its backup meanwhile. Whatever
 * list is read shows it before: afterwards Trove shows nothing any more.
 */
export async function seeCascades(pruning: PrunePort, { backups }: Reading): Promise<void> {
  const open = await pruning.openDeletions();
  if (open.length === 0) return;
  const childrenOf = Map.groupBy(backups, ({ parentId }) => parentId);
  for (const { backupId } of open) {
    const children = standingOn(backupId, childrenOf);
    if (children.length > 0) await pruning.noteChildren(backupId, children);
  }
}
