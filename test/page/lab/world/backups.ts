import type { BackupView, ChainView } from '../../../../daemon/http/contract/backup.ts';

/** A backup as the API shows it, kept by nothing in particular. */
export function backup(id: string, at: string | number, more: Partial<BackupView> = {}): BackupView {
  const when = new Date(at).toISOString();
  return {
    id,
    instance_id: 'i1',
    name: `auto-${id}`,
    description: null,
    status: 'COMPLETED',
    kind: more.parent_id === undefined || more.parent_id === null ? 'full' : 'incremental',
    parent_id: null,
    created_at: when,
    updated_at: when,
    size_gb: 0.4,
    as_of_at: when,
    origin: 'scheduled',
    run_id: null,
    is_recovery_point: true,
    fate: 'kept',
    because: [],
    hold: null,
    mark: null,
    ...more,
  };
}

/** The chains of backups that are given with every parent before what stands on it. */
export function chainsOf(backups: readonly BackupView[]): readonly ChainView[] {
  const rootOf = new Map<string, string>();
  const chains = new Map<string, string[]>();
  for (const { id, parent_id } of backups) {
    const root = (parent_id !== null && rootOf.get(parent_id)) || id;
    rootOf.set(id, root);
    chains.set(root, [...(chains.get(root) ?? []), id]);
  }
  return [...chains].map(([full_backup_id, backup_ids]) => ({
    full_backup_id,
    managed: backups.find(({ id }) => id === full_backup_id)?.origin !== 'foreign',
    backup_ids,
  }));
}
