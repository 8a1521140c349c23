import type { BackupView } from '../../../../http/contract/backup.ts';

export const PERIODS = ['daily', 'weekly', 'monthly', 'yearly'] as const;
export type Period = (typeof PERIODS)[number];

/** What a mark says without its colour: the shape whose backup it is, the state what becomes of it. */
export interface Look {
  readonly shape: 'square' | 'circle' | 'diamond' | 'triangle';
  readonly state: 'kept' | 'removable' | 'going' | 'running' | 'failed' | 'unusable';
  readonly isForeign: boolean;
  readonly isHeld: boolean;
  /** The periods that it is kept for, each once. */
  readonly periods: readonly Period[];
}

const RUNNING = new Set(['NEW', 'BUILDING', 'SAVING']);
const FAILED = new Set(['FAILED', 'DELETE_FAILED']);

export const isForeign = ({ origin }: BackupView): boolean => origin === 'foreign' || origin === 'conflict';
export const isRunning = ({ status }: BackupView): boolean => RUNNING.has(status);

function stateOf(backup: BackupView): Look['state'] {
  if (RUNNING.has(backup.status)) return 'running';
  if (FAILED.has(backup.status)) return 'failed';
  if (backup.mark !== null) return 'going';
  if (backup.fate === 'removable') return 'removable';
  return backup.is_recovery_point ? 'kept' : 'unusable';
}

function shapeOf(backup: BackupView): Look['shape'] {
  if (isForeign(backup)) return backup.kind === 'full' ? 'diamond' : 'triangle';
  return backup.kind === 'full' ? 'square' : 'circle';
}

export function lookOf(backup: BackupView): Look {
  const kept = new Set(
    backup.because.filter(({ rule }) => rule === 'kept-period').map(({ params }) => params['period']),
  );
  return {
    shape: shapeOf(backup),
    state: stateOf(backup),
    isForeign: isForeign(backup),
    isHeld: backup.hold !== null,
    periods: PERIODS.filter((period) => kept.has(period)),
  };
}
