import {
  type Backup,
  type DurationMs,
  type Fate,
  fates,
  type OwnedBackup,
  type PruneStep,
  pruneStep,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { Reading } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { Settings } from './settings.ts';

export interface RetentionDeps {
  readonly retention: RetentionPort;
  readonly pruning: PrunePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly guard: ClockGuard;
}

/** What is to become of the backups of one instance. */
export interface Decision {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly step: PruneStep;
}

export interface Retention {
  /** null where nothing of the instance is pruned. `elsewhere`: what else may stand on its backups. */
  decide(
    owner: { readonly instanceId: string; readonly projectId: string },
    backups: readonly OwnedBackup[],
    elsewhere: readonly Backup[],
  ): Promise<Decision | null>;
  /** Marks what may go of what was just read, and lifts marks; gives the instances of which something goes now. */
  plan(reading: Reading): Promise<readonly string[]>;
}

/** Plans over lists that are read anyway: of every project at least once a look at the region. */
export function createRetention({ retention, pruning, clock, log, settings, guard }: RetentionDeps): Retention {
  /** Of each instance what its blocked backups were last told of. */
  const told = new Map<string, ReadonlyMap<string, string>>();

  const decide: Retention['decide'] = async ({ instanceId, projectId }, backups, elsewhere) => {
    const tended = await retention.tended(instanceId);
    if (!tended) return null;
    const { policy, goneUtc, holds, marks } = tended;
    const open = (await pruning.openDeletions()).filter((deletion) => deletion.instanceId === instanceId);
    const gone = new Set(open.map(({ backupId }) => backupId));
    const nowUtc = clock.nowUtc();
    const instance = { id: instanceId, projectId };
    const scene = { instance, goneUtc, policy, backups, elsewhere, holds, gone, nowUtc, onDemand: new Set<string>() };
    const found = fates({ ...scene, retention: policy.retention ?? null });
    const step = pruneStep({ backups, fates: found, marks, graceMs: settings().graceMs, nowUtc });
    return { fates: found, step };
  };

  function tellBlocked(instance: string, project: string, found: ReadonlyMap<string, Fate>): void {
    const before = told.get(instance);
    const now = new Map<string, string>();
    for (const [backup, fate] of found) {
      if (fate.kind !== 'blocked') continue;
      const text = JSON.stringify(fate.because);
      now.set(backup, text);
      if (before?.get(backup) !== text) log.warn('prune.blocked', { instance, project, backup, because: fate.because });
    }
    if (now.size > 0) told.set(instance, now);
    else told.delete(instance);
  }

  async function note(instanceId: string, projectId: string, step: PruneStep, graceMs: DurationMs): Promise<void> {
    if (step.mark.length === 0 && step.lift.length === 0) return;
    const owner = { instanceId, projectId };
    const nowUtc = clock.nowUtc();
    const mark = step.mark.map(({ backup, because }) => ({ ...owner, backupId: backup.id, because }));
    await retention.noteMarks({ mark, lift: step.lift.map(({ backupId }) => backupId) }, nowUtc);
    const facts = { instance: instanceId, project: projectId };
    for (const { backupId: backup, because } of mark) {
      log.info('prune.marked', { ...facts, backup, because, untilUtc: nowUtc + graceMs });
    }
    for (const { backupId: backup, because } of step.lift) log.info('prune.lifted', { ...facts, backup, because });
  }

  return {
    decide,
    async plan({ projectId, backups, odd }) {
      // By a clock that is wrong everything may look old.
      if (guard.doubt() !== null) return [];
      const going: string[] = [];
      for (const [instanceId, rows] of Map.groupBy(backups, (backup) => backup.instanceId)) {
        if (instanceId === null) continue;
        const elsewhere = backups.filter((backup) => backup.instanceId !== instanceId);
        const decision = await decide({ instanceId, projectId }, rows, elsewhere);
        if (!decision) continue;
        const { step, fates: found } = decision;
        // What cannot be read may stand on any of them: nothing is marked, and what is ripe says why it stays.
        if (odd.length === 0) {
          tellBlocked(instanceId, projectId, found);
          await note(instanceId, projectId, step, settings().graceMs);
        }
        if (step.ripe.length > 0) going.push(instanceId);
      }
      return going;
    },
  };
}
