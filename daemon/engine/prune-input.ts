import {
  type Backup,
  because,
  type Instance,
  type Instant,
  type OwnedBackup,
  type PruneInput,
} from '../../lib/core/index.ts';
import type { Tended } from '../ports/retention.ts';
import type { EngineSettings } from './settings.ts';

/** Of each instance the backups of others that stand on one of its own. */
export function onOthers(backups: readonly OwnedBackup[]): ReadonlyMap<string | null, readonly OwnedBackup[]> {
  const instanceOf = new Map(backups.map(({ id, instanceId }) => [id, instanceId]));
  const found = new Map<string | null, OwnedBackup[]>();
  for (const backup of backups) {
    if (backup.parentId === null) continue;
    const below = instanceOf.get(backup.parentId) ?? null;
    if (below === backup.instanceId) continue;
    const known = found.get(below);
    if (known) known.push(backup);
    else found.set(below, [backup]);
  }
  return found;
}

/** What there is of an instance. */
export interface PruneScene {
  readonly instance: Pick<Instance, 'id' | 'projectId'>;
  /** All of it, and what else may stand on that. */
  readonly backups: readonly OwnedBackup[];
  readonly elsewhere: readonly Backup[];
  /** Ids of backups under a delete intent. */
  readonly gone: ReadonlySet<string>;
}

/** All that is decided on about an instance's backups. */
export function pruneInputOf(
  tended: Tended,
  scene: PruneScene,
  { lookedAt, graceMs }: Pick<EngineSettings, 'lookedAt' | 'graceMs'>,
  nowUtc: Instant,
): PruneInput {
  const { policy, goneUtc, holds, marks, cascades, standstills, demandedKeeps } = tended;
  const cascade = cascades.find(({ backupId }) => !lookedAt.includes(backupId));
  const paused = cascade ? because('took-more', { backup: cascade.backupId, taken: cascade.taken.length }) : null;
  const said = { paused, retention: policy.retention ?? null };
  return { ...scene, goneUtc, policy, holds, standstills, nowUtc, demandedKeeps, ...said, marks, graceMs };
}
