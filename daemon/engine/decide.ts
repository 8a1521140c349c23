import {
  because,
  intervalMs,
  nextSlot,
  type Policy,
  patienceMs,
  plan,
  type Reason,
  record,
  type Step,
} from '../../lib/core/index.ts';
import type { DecisionsPort } from '../ports/decisions.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { ClaimedRun } from '../ports/schedule.ts';
import type { StuckPort } from '../ports/stuck.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import type { OutlookLoop } from './outlook.ts';
import type { Settings } from './settings.ts';

export interface DecideDeps extends BackupsDeps {
  readonly settings: Settings;
  readonly pruning: PrunePort;
  readonly decisions: DecisionsPort;
  readonly stuck: Pick<StuckPort, 'stuckOf'>;
  readonly outlook: Pick<OutlookLoop, 'request' | 'limitSeen'>;
  /** Whether a backup of the project is about to go. */
  readonly isFreeing: (projectId: string) => boolean;
}

/** One whose policy can be gone by. */
export type Run = ClaimedRun & { readonly policy: Policy };

export interface Decided {
  readonly step: Step;
  readonly instanceName: string;
}

/** What the cloud says now, and the one step that follows from it. */
export function createDecide(deps: DecideDeps): (run: Run, signal: AbortSignal) => Promise<Decided> {
  const { cloud, clock, pruning, settings } = deps;

  /** Where the quota is full, what may go makes room first; the project's outlook is due. */
  async function withinQuota(step: Step, run: Run, signal: AbortSignal): Promise<Step> {
    const { projectId, slotUtc, policy } = run;
    // Who asks for a backup now has been told of no refusal.
    const refused = run.demanded === null ? run.refused : null;
    const isShort = step.kind === 'skip' && step.because.rule === 'quota';
    if (refused && (isShort || step.kind === 'full' || step.kind === 'incremental')) {
      return { kind: 'skip', because: refused };
    }
    if (!isShort) return step;
    // What is ripe in it is looked at now, of other instances as well.
    await readBackups(deps, projectId, null, signal);
    await deps.outlook.request(projectId, intervalMs(policy.cadence));
    if (!deps.isFreeing(projectId)) return step;
    const nowUtc = clock.nowUtc();
    const untilUtc = nowUtc + patienceMs(policy, nowUtc - slotUtc);
    return { kind: 'wait', because: because('quota-freeing', {}), untilUtc };
  }

  return async function decide(run: Run, signal: AbortSignal): Promise<Decided> {
    const { projectId, instanceId, slotUtc, policy, recent } = run;
    const [instance, quota, { backups }] = await Promise.all([
      cloud.instance(projectId, instanceId, signal),
      cloud.quota(projectId, signal),
      // The look for this slot's marker: nothing of this run can have left before its intent, which comes after.
      readBackups(deps, projectId, instanceId, signal),
    ]);
    const gone = await pruning.going(projectId);
    const known = await deps.stuck.stuckOf(projectId, instanceId);
    const stuck = Object.fromEntries(known.map((it) => [it.backupId, it.because] as const));
    const { reserve, observe, freezes } = settings();
    const nowUtc = clock.nowUtc();
    const input = {
      run: { id: run.runId, slotUtc, demanded: run.demanded },
      nowUtc,
      instance,
      policy,
      backups,
      recent,
      gone,
      quota,
      reserve,
      observe,
      stuck,
      freezes,
    };
    const planned = plan(input);
    await deps.decisions.record([record('plan', { instanceId, projectId }, input, planned)]);
    await deps.outlook.limitSeen(projectId, quota);
    return { step: await withinQuota(planned, run, signal), instanceName: instance?.name ?? '' };
  };
}

/** The policy was good when the slot was claimed; a newer Node may refuse it since. */
export function usable(run: ClaimedRun): Run | Reason {
  const { policy, instanceId, slotUtc } = run;
  if ('rule' in policy) return policy;
  try {
    patienceMs(policy, 0);
    nextSlot(policy.cadence, instanceId, slotUtc);
    return { ...run, policy };
  } catch (error) {
    return because('policy-unusable', { detail: String(error) });
  }
}
