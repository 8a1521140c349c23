import { type OwnedBackup, recoveryPoints } from '../../lib/core/index.ts';
import type { Point, PointsPort } from '../ports/points.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { Reading } from './backups.ts';

export interface PointsDeps {
  readonly points: PointsPort;
  readonly pruning: PrunePort;
  /** Told when points of ours lack in a list. */
  readonly onSuspects: () => void;
}

/** Follows which recovery points Trove shows, in every list that is read anyway. */
export function createPoints({ points, pruning, onSuspects }: PointsDeps) {
  return async ({ backups, projectId, instanceId, askedUtc }: Reading): Promise<void> => {
    const gone = await pruning.going(projectId);
    const newest = (id: string | null, rows: readonly OwnedBackup[]): readonly Point[] => {
      const tip = id === null ? undefined : recoveryPoints({ id, projectId }, rows, gone)[0]?.tip;
      return tip && id !== null ? [{ instanceId: id, runId: tip.ownership.runId, createdUtc: tip.createdUtc }] : [];
    };
    const byInstance = [...Map.groupBy(backups, (backup) => backup.instanceId)];
    const found = byInstance.flatMap(([id, rows]) => newest(id, rows));
    const ids = backups.map(({ id }) => id);
    if (await points.pointsSeen({ projectId, instanceId, askedUtc, points: found, backups: ids })) onSuspects();
  };
}
