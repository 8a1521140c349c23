import {
  because,
  type DeletionScene,
  deletionBlocked,
  isRunning,
  type ManagedBackup,
  type Reason,
} from '../../lib/core/index.ts';
import type { OddRow, Relation } from '../ports/cloud.ts';
import type { DecisionsPort } from '../ports/decisions.ts';
import { type BackupsDeps, withOwners } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { Deletions, Sent } from './deletions.ts';
import { oddReason } from './odd-rows.ts';
import type { Next, Place } from './prune-places.ts';
import type { Retention } from './retention.ts';
import type { Settings } from './settings.ts';

export interface PruneOneDeps extends Omit<BackupsDeps, 'onBackups'> {
  readonly settings: Settings;
  readonly guard: ClockGuard;
  readonly deletions: Deletions;
  readonly retention: Retention;
  readonly decisions: DecisionsPort;
}

/** In the project's turn: sends the DELETE of one backup of an instance at most. `waiting`: whose DELETE is on its way. */
export type PruneOne = (place: Place, waiting: ReadonlySet<string>, signal: AbortSignal) => Promise<Next>;

/** While a DELETE is on its way its place stays. */
const idle = (waiting: ReadonlySet<string>): Next => (waiting.size > 0 ? { phase: 'sent' } : 'done');

/** Of one that no guest will end Trove lets go after days, or never: each try costs a look at the whole region. */
const RUNNING_MS = 24 * 60 * 60_000;

function after(sent: Sent, backup: ManagedBackup): Next {
  switch (sent.kind) {
    case 'accepted':
      return { phase: 'sent', isNew: true };
    case 'lost':
      return { phase: 'sent', isNew: true, because: sent.because, backup: backup.id };
    case 'refused':
      return {
        phase: 'blocked',
        because: sent.because,
        backup: backup.id,
        afterMs: sent.retryAfterMs ?? (isRunning(backup) ? RUNNING_MS : null),
      };
    case 'gone':
      return 'more';
  }
}

/** It may be of the backup's project or instance, or stand on it: what cannot be read of it may be anything. */
function mayBeBound(row: OddRow, { id, projectId, instanceId }: ManagedBackup): boolean {
  if (row.projectId === null || row.projectId === projectId || row.kind === 'instance') return true;
  const mayBe = (field: 'parentId' | 'instanceId', known: string | null) => !(field in row) || row[field] === known;
  return mayBe('parentId', id) || mayBe('instanceId', instanceId);
}

/** Right before each DELETE the whole region is looked at, which is all that it is read for. */
export function createPruneOne(deps: PruneOneDeps): PruneOne {
  const { cloud, clock, settings, guard, deletions, retention } = deps;

  type Seen = Pick<DeletionScene, 'region' | 'ofInstance' | 'instances' | 'isOfGone'>;
  const forbids = (backup: ManagedBackup, seen: Seen): Reason | null =>
    guard.doubt() ?? deletionBlocked({ ...seen, backup, nowUtc: clock.nowUtc(), observe: settings().observe });

  /** All that was true when it was chosen must be so still: a token, or a place in the budget, may have been long in coming. */
  async function lastLook({ id, projectId }: ManagedBackup, instanceId: string, signal: AbortSignal) {
    const { onOdd, rows: odd } = deps.oddRows.listen();
    const instances = await cloud.projectInstances(projectId, signal, onOdd);
    // Last of all that is read, since a child may be made at any moment.
    const keep = (row: Relation): boolean => row.instanceId === instanceId || row.parentId === id;
    const region = await cloud.regionBackups(keep, signal, onOdd);
    const ofInstance = await withOwners(
      deps,
      region.filter((row) => row.instanceId === instanceId),
    );
    const elsewhere = region.filter((row) => row.instanceId !== instanceId);
    const decision = await retention.decide({ instanceId, projectId }, ofInstance, elsewhere);
    const fate = decision?.fates.get(id);
    if (fate?.kind === 'blocked') return fate.because;
    const still = decision?.step.ripe.find(({ backup }) => backup.id === id);
    if (!decision || !still) return because('unwanted-no-more', {});
    const mayNeed = odd.filter((row) => mayBeBound(row, still.backup));
    const { isOfGone } = decision;
    const forbidden = oddReason(mayNeed) ?? forbids(still.backup, { region, ofInstance, instances, isOfGone });
    if (forbidden === null) await deps.decisions.record([decision.recorded()]);
    return forbidden;
  }

  // What the project's own lists forbid already needs no look at the region.
  return async ({ instanceId, projectId }, waiting, signal) => {
    const { onOdd, rows: odd } = deps.oddRows.listen();
    const ofInstance = await withOwners(deps, await cloud.backups(projectId, instanceId, signal, onOdd));
    const decision = await retention.decide({ instanceId, projectId }, ofInstance, []);
    const next = decision?.step.ripe.find(({ backup }) => !waiting.has(backup.id));
    if (!decision || !next) return idle(waiting);
    const { isOfGone } = decision;
    const { backup } = next;
    const instances = await cloud.projectInstances(projectId, signal, onOdd);
    const blocked = oddReason(odd) ?? forbids(backup, { region: ofInstance, ofInstance, instances, isOfGone });
    if (blocked) return { phase: 'blocked', because: blocked, backup: backup.id };
    const look = () => lastLook(backup, instanceId, signal);
    return after(await deletions.send(next, instanceId, look, signal), backup);
  };
}
