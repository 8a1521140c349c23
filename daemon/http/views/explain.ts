import type { z } from 'zod';
import type { Language, Reason } from '../../../lib/core/index.ts';
import type { BackupExplained, SlotExplained } from '../../ports/explain.ts';
import { viewInstant, viewReason } from '../api/view.ts';
import type { explanationSchema } from '../contract/run.ts';

type Explanation = z.input<typeof explanationSchema>;

export function viewSlotExplained(slot: SlotExplained, language: Language): Explanation['slot'] {
  const tell = (reason: Reason) => viewReason(reason, language);
  return {
    at: viewInstant(slot.slotUtc),
    state: slot.state,
    time: slot.time.map(tell),
    kind: slot.kind && tell(slot.kind),
    because: slot.because && tell(slot.because),
  };
}

/** What keeps it, or why it may go or must not. */
function fateReasons({ fate }: BackupExplained): readonly Reason[] {
  if (!fate) return [];
  return fate.kind === 'kept' ? fate.because : [fate.because];
}

export function viewBackupExplained(backup: BackupExplained, language: Language): Explanation['backup'] {
  const tell = (reason: Reason) => viewReason(reason, language);
  const { going } = backup;
  return {
    id: backup.backupId,
    there: backup.there.map(tell),
    fate: backup.fate?.kind ?? null,
    because: fateReasons(backup).map(tell),
    goes_at: going.kind === 'at' ? viewInstant(going.atUtc) : null,
    going_because: going.kind === 'blocked' || going.kind === 'never' ? tell(going.because) : null,
  };
}
