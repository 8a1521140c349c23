import { type Backup, type Fate, fates, type OwnedBackup, type PruneStep, pruneStep } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { MarkChange, RetentionPort } from '../ports/retention.ts';
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

type Marked = MarkChange['mark'][number];

const factsOf = ({ instanceId, projectId, backupId, because }: Marked) => ({
  instance: instanceId,
  project: projectId,
  backup: backupId,
  because,
});

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
    const step = pruneStep({ backups, fates: found, marks, gone, graceMs: settings().graceMs, nowUtc });
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

  /** All of a list in one transaction. */
  async function note(marks: readonly Marked[], lifts: readonly Marked[]): Promise<void> {
    if (marks.length === 0 && lifts.length === 0) return;
    const nowUtc = clock.nowUtc();
    const noted = await retention.noteMarks({ mark: marks, lift: lifts.map(({ backupId }) => backupId) }, nowUtc);
    const untilUtc = nowUtc + settings().graceMs;
    for (const it of marks) if (noted.marked.has(it.backupId)) log.info('prune.marked', { ...factsOf(it), untilUtc });
    for (const it of lifts) if (noted.lifted.has(it.backupId)) log.info('prune.lifted', factsOf(it));
  }

  return {
    decide,
    async plan({ projectId, backups, odd }) {
      // By a clock that is wrong everything may look old.
      if (guard.doubt() !== null) return [];
      const going: string[] = [];
      const marks: Marked[] = [];
      const lifts: Marked[] = [];
      for (const [instanceId, rows] of Map.groupBy(backups, (backup) => backup.instanceId)) {
        if (instanceId === null) continue;
        const owner = { instanceId, projectId };
        const elsewhere = backups.filter((backup) => backup.instanceId !== instanceId);
        const decision = await decide(owner, rows, elsewhere);
        if (!decision) continue;
        const { step } = decision;
        if (step.ripe.length > 0) going.push(instanceId);
        // What cannot be read may stand on any of them: nothing is marked, and what is ripe says why it stays.
        if (odd.length > 0) continue;
        tellBlocked(instanceId, projectId, decision.fates);
        marks.push(...step.mark.map(({ backup, because }) => ({ ...owner, backupId: backup.id, because })));
        lifts.push(...step.lift.map((lift) => ({ ...owner, ...lift })));
      }
      await note(marks, lifts);
      return going;
    },
  };
}
