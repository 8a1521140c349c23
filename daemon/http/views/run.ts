import type { ListedRun } from '../../ports/listing.ts';
import { type As, viewDuration, viewInstant, viewOptional, viewReason } from '../api/view.ts';
import type { RunView } from '../contract/run.ts';
import { csvLine } from './csv.ts';

export function viewRun(run: ListedRun, { language }: Pick<As, 'language'>): RunView {
  const { because, kindBecause, keepMs } = run;
  return {
    id: run.id,
    instance_id: run.instanceId,
    project_id: run.projectId,
    origin: run.origin,
    slot_at: viewInstant(run.slotUtc),
    state: run.state,
    because: because && viewReason(because, language),
    kind: run.kind,
    kind_because: kindBecause && viewReason(kindBecause, language),
    backup_id: run.backupId,
    parent_id: run.parentId,
    asked_at: viewOptional(run.askedUtc),
    ended_at: viewOptional(run.endedUtc),
    requested_by: run.requestedBy,
    note: run.note,
    keep: keepMs === null ? null : viewDuration(keepMs),
  };
}

/** The columns of the download; a reason is its rule and its sentence. */
const CELLS: readonly (readonly [string, (run: RunView) => string | null])[] = [
  ['id', (run) => run.id],
  ['instance_id', (run) => run.instance_id],
  ['project_id', (run) => run.project_id],
  ['origin', (run) => run.origin],
  ['slot_at', (run) => run.slot_at],
  ['state', (run) => run.state],
  ['because_rule', (run) => run.because?.rule ?? null],
  ['because', (run) => run.because?.text ?? null],
  ['kind', (run) => run.kind],
  ['kind_because', (run) => run.kind_because?.text ?? null],
  ['backup_id', (run) => run.backup_id],
  ['parent_id', (run) => run.parent_id],
  ['asked_at', (run) => run.asked_at],
  ['ended_at', (run) => run.ended_at],
  ['requested_by', (run) => run.requested_by],
  ['note', (run) => run.note],
  ['keep', (run) => run.keep],
];

export const CSV_HEAD = csvLine(CELLS.map(([name]) => name));
export const csvOf = (run: RunView): string => csvLine(CELLS.map(([, cell]) => cell(run)));
