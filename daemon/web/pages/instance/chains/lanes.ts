import type { BackupView, ChainView } from '../../../../http/contract/backup.ts';
import { isForeign } from './look.ts';

/** A chain, or all those together that nothing stands on: a region of fulls alone would else be a lane a day. */
export interface Lane {
  readonly id: string;
  readonly kind: 'chain' | 'alone' | 'foreign-chain' | 'foreign-alone';
  /** Oldest first. */
  readonly backups: readonly BackupView[];
}

export const atOf = ({ as_of_at }: BackupView): number => Date.parse(as_of_at);
const byTime = (a: BackupView, b: BackupView): number => atOf(a) - atOf(b) || (a.id < b.id ? -1 : 1);
const newest = ({ backups }: Lane): number => Math.max(...backups.map(atOf));

/** Chains with the newest first, then what stands alone; those of others below. */
export function lanesOf(backups: readonly BackupView[], chains: readonly ChainView[]): readonly Lane[] {
  const byId = new Map(backups.map((backup) => [backup.id, backup]));
  const placed = new Set<string>();
  const lanes: Lane[] = [];
  for (const chain of chains) {
    const its = chain.backup_ids.flatMap((id) => byId.get(id) ?? []).filter(({ id }) => !placed.has(id));
    if (its.length < 2) continue;
    for (const { id } of its) placed.add(id);
    const kind = chain.managed ? 'chain' : 'foreign-chain';
    lanes.push({ id: chain.full_backup_id, kind, backups: its.toSorted(byTime) });
  }
  lanes.sort((a, b) => newest(b) - newest(a));
  const alone = backups.filter(({ id }) => !placed.has(id)).toSorted(byTime);
  const together = (kind: 'alone' | 'foreign-alone', its: readonly BackupView[]): readonly Lane[] =>
    its.length === 0 ? [] : [{ id: kind, kind, backups: its }];
  return [
    ...lanes.filter(({ kind }) => kind === 'chain'),
    ...together(
      'alone',
      alone.filter((backup) => !isForeign(backup)),
    ),
    ...lanes.filter(({ kind }) => kind === 'foreign-chain'),
    ...together('foreign-alone', alone.filter(isForeign)),
  ];
}
