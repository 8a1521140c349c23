import type { Language, Reason } from '../../../lib/core/index.ts';
import type { CallerBackup } from '../../ports/caller-cloud.ts';
import type { Inspected, Judged, Judgement } from '../../ports/inspect.ts';
import type { Held } from '../../ports/marks.ts';
import { viewInstant, viewOptional, viewReason } from '../api/view.ts';
import type { BackupView, ChainView, HoldView } from '../contract/backup.ts';

export type Shown = Inspected<CallerBackup>;

export const viewHold = ({ owner, note, untilUtc }: Pick<Held, 'owner' | 'note' | 'untilUtc'>): HoldView => ({
  owner,
  note,
  until_at: viewOptional(untilUtc),
});

export const originOf = ({ backup: { ownership } }: Shown): BackupView['origin'] =>
  ownership.kind === 'managed' ? ownership.origin : ownership.kind;

function reasonsOf(judgement: Judgement | undefined): readonly Reason[] {
  const fate = judgement?.fate ?? null;
  if (fate === null) return [];
  return fate.kind === 'kept' ? fate.because : [fate.because];
}

export function viewBackup(shown: Shown, judgement: Judgement | undefined, language: Language): BackupView {
  const { backup, asOfUtc, unusable, hold } = shown;
  const { ownership } = backup;
  const mark = judgement?.mark ?? null;
  return {
    id: backup.id,
    instance_id: backup.instanceId,
    name: backup.name,
    description: backup.description,
    status: backup.status,
    kind: backup.parentId === null ? 'full' : 'incremental',
    parent_id: backup.parentId,
    created_at: viewInstant(backup.createdUtc),
    updated_at: viewInstant(backup.updatedUtc),
    size_gb: backup.sizeGib,
    as_of_at: viewInstant(asOfUtc),
    origin: originOf(shown),
    run_id: ownership.kind === 'managed' ? ownership.runId : null,
    is_recovery_point: unusable === null,
    fate: judgement?.fate?.kind ?? null,
    because: reasonsOf(judgement).map((reason) => viewReason(reason, language)),
    hold: hold && viewHold(hold),
    mark: mark && {
      marked_at: viewInstant(mark.markedUtc),
      goes_at: viewInstant(mark.goesUtc),
      because: viewReason(mark.because, language),
    },
  };
}

const oldestFirst = (a: Shown, b: Shown): number =>
  a.asOfUtc - b.asOfUtc || a.backup.createdUtc - b.backup.createdUtc || (a.backup.id < b.backup.id ? -1 : 1);

/** Each full with all that stands on it; what stands on none that is there begins a chain of its own. */
function chainsOf(rows: readonly Shown[]): readonly ChainView[] {
  const byId = new Map(rows.map((row) => [row.backup.id, row]));
  function rootOf(row: Shown): Shown {
    let root = row;
    for (let depth = 0; depth < rows.length; depth += 1) {
      const parent = root.backup.parentId === null ? undefined : byId.get(root.backup.parentId);
      if (!parent) break;
      root = parent;
    }
    return root;
  }
  return [...Map.groupBy(rows, rootOf)].map(([root, links]) => ({
    full_backup_id: root.backup.id,
    managed: root.backup.ownership.kind === 'managed',
    backup_ids: [root.backup.id, ...links.filter((link) => link !== root).map(({ backup }) => backup.id)],
  }));
}

/** One instance's backups, oldest first, and the chains that they are. */
export function viewBackups(rows: readonly Shown[], judged: Judged, language: Language) {
  const sorted = rows.toSorted(oldestFirst);
  return {
    backups: sorted.map((row) => viewBackup(row, judged.backups.get(row.backup.id), language)),
    chains: [...chainsOf(sorted)],
    untended: judged.untended && viewReason(judged.untended, language),
  };
}
