import type { Backup } from './model.ts';
import { because, type Reason } from './reason.ts';

/** Trove: trove/instance/models.py Instance.create takes both. */
const WHOLE: ReadonlySet<string> = new Set(['COMPLETED', 'RESTORED']);

/** A snapshot of the volume is whole by itself, whatever its parent says. */
const isWhole = ({ location }: Backup): boolean => location?.startsWith('cinder://') === true;

/**
 * Why nothing can be restored from a backup, whoever made it, or null where it can: it is a recovery point. Trove looks at
 * the backup alone, and finds out while it restores that one of those it stands on is not there.
 * @param byId all backups of its project
 * @param gone ids of those whose deletion was asked for
 */
export function whyNotRestorable(
  backup: Backup,
  byId: ReadonlyMap<string, Backup>,
  gone: ReadonlySet<string> = new Set(),
): Reason | null {
  let link = backup;
  for (let depth = 0; depth <= byId.size; depth += 1) {
    const { id, status, parentId } = link;
    if (!WHOLE.has(status)) return because('not-whole', { backup: id, status });
    if (gone.has(id)) return because('deletion-asked', { backup: id });
    if (parentId === null || isWhole(link)) return null;
    const parent = byId.get(parentId);
    if (!parent) return because('parent-missing', { backup: id, parent: parentId });
    // Trove takes any backup as a parent; what changed since that of another database is of no use.
    if (parent.instanceId !== link.instanceId) return because('parent-elsewhere', { backup: id, parent: parentId });
    link = parent;
  }
  return because('parent-missing', { backup: link.id, parent: link.parentId ?? '' });
}
