import {
  type BackupKind,
  backupName,
  because,
  markerText,
  nextSlot,
  type Policy,
  patienceMs,
  plan,
  type Reason,
  type Step,
} from '../../lib/core/index.ts';
import { CloudUnavailable, type RequestNames, type SubmitOutcome } from '../ports/cloud.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { ClaimedRun, Intent } from '../ports/schedule.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import { factsOf, requestFacts } from './facts.ts';
import type { Settings } from './settings.ts';

export interface SubmitDeps extends BackupsDeps {
  readonly settings: Settings;
  readonly pruning: PrunePort;
  /** Told when a backup was asked for: tracking should look. */
  readonly onSubmitted: () => void;
}

/** One whose policy can be gone by. */
type Run = ClaimedRun & { readonly policy: Policy };

/** A step as it is carried out: the run, and the instance's name for the backup's. */
interface Work {
  readonly run: Run;
  readonly instanceName: string;
  readonly signal: AbortSignal;
}

type Carry = { readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>, work: Work) => Promise<void> };

type Sent = Exclude<SubmitOutcome, { kind: 'withheld' }>;

/** Takes a claimed run one step on: plan, then intent, then request. State is always durable before its effect. */
export function createSubmit(deps: SubmitDeps): (run: ClaimedRun, signal: AbortSignal) => Promise<void> {
  const { cloud, ledger, clock, log, identity, pruning, settings } = deps;

  /** Its next slot was claimed, or its schedule ended, while the cloud was being asked. Nothing was sent. */
  function overtaken(run: ClaimedRun): void {
    log.info('run.overtaken', factsOf(run));
  }

  const after = (ms: number | null): number | null => (ms === null ? null : clock.nowUtc() + ms);

  /** To an instant, or by the schedule's own patience. */
  async function postpone(run: Run, reason: Reason, at: number | null, request?: RequestNames): Promise<void> {
    const nowUtc = clock.nowUtc();
    const untilUtc = at ?? nowUtc + patienceMs(run.policy, nowUtc - run.slotUtc);
    const postponed = await ledger.postpone(run.runId, untilUtc, reason, nowUtc);
    if (postponed.kind === 'overtaken') return overtaken(run);
    if (postponed.kind === 'skipped') {
      log.warn('run.skipped', { ...factsOf(run), because: postponed.because, ...requestFacts(request) });
      return;
    }
    const until = new Date(untilUtc).toISOString();
    log.info('run.waiting', { ...factsOf(run), until, because: reason, ...requestFacts(request) });
  }

  async function skip(run: ClaimedRun, reason: Reason, request?: RequestNames): Promise<void> {
    if (!(await ledger.end(run.runId, { state: 'skipped', because: reason }, clock.nowUtc()))) return overtaken(run);
    log.warn('run.skipped', { ...factsOf(run), because: reason, ...requestFacts(request) });
    if (reason.rule !== 'owner-conflict') return;
    const { run: _, slot: __, ...facts } = factsOf(run);
    log.error('owner.conflict', {
      ...facts,
      ...reason.params,
      hint: 'stop one of the two services; see docs/operating.md',
    });
  }

  async function settle(run: Run, intent: Intent, outcome: Sent): Promise<void> {
    const { runId } = run;
    const { kind, parentId: parent, because: why } = intent;
    const facts = { ...factsOf(run), kind, parent, why, ...requestFacts(outcome.request) };
    switch (outcome.kind) {
      case 'accepted':
        await ledger.recordBackup(runId, outcome.backupId, because('accepted', {}), clock.nowUtc());
        log.info('run.submitted', { ...facts, backup: outcome.backupId });
        deps.onSubmitted();
        return;
      case 'unknown':
        await ledger.recordUnknown(runId, outcome.because, clock.nowUtc());
        log.warn('run.unknown', { ...facts, because: outcome.because });
        deps.onSubmitted();
        return;
      case 'later':
        return postpone(run, outcome.because, after(outcome.retryAfterMs), outcome.request);
      case 'never':
        return skip(run, outcome.because, outcome.request);
    }
  }

  async function make(kind: BackupKind, parentId: string | null, why: Reason, work: Work): Promise<void> {
    const { run, instanceName, signal } = work;
    const { runId, instanceId, projectId, slotUtc } = run;
    const intent: Intent = { kind, parentId, because: why };
    const noted = { capped: false };
    // Not before all else is there: a life that ends after it leaves a request that may have gone.
    const commit = async (): Promise<boolean> => {
      const intended = await ledger.recordIntent(runId, intent, clock.nowUtc(), settings().caps);
      noted.capped = intended === 'capped';
      return intended === 'intended';
    };
    const { owner } = identity;
    const mac = identity.mac({ owner, runId, slotUtc, kind, instanceId, parentId });
    const description = markerText({ owner, runId, slotUtc, kind, mac });
    const name = backupName(instanceName, slotUtc, kind);
    const request = { projectId, instanceId, parentId, name, description };
    const outcome = await cloud.createBackup(request, signal, commit);
    if (outcome.kind !== 'withheld') return settle(run, intent, outcome);
    if (noted.capped) return postpone(run, because('cap-reached', {}), null);
    overtaken(run);
  }

  const carry: Carry = {
    full: (step, work) => make('full', null, step.because, work),
    incremental: (step, work) => make('incremental', step.parentId, step.because, work),
    skip: (step, { run }) => skip(run, step.because),
    wait: (step, { run }) => postpone(run, step.because, step.untilUtc),
    adopt: async (step, { run }) => {
      if (!(await ledger.adopt(run.runId, step.backupId, step.because, clock.nowUtc()))) return overtaken(run);
      log.info('run.adopted', { ...factsOf(run), backup: step.backupId });
      deps.onSubmitted();
    },
  };

  /** What the cloud says now, and the one step that follows from it. */
  async function decide(run: Run, signal: AbortSignal): Promise<{ step: Step; instanceName: string }> {
    const { projectId, instanceId, slotUtc, policy, recent } = run;
    const [instance, quota, { backups }] = await Promise.all([
      cloud.instance(projectId, instanceId, signal),
      cloud.quota(projectId, signal),
      // The look for this slot's marker: nothing of this run can have left before its intent, which comes after.
      readBackups(deps, projectId, instanceId, signal),
    ]);
    const gone = new Set((await pruning.openDeletions()).map(({ backupId }) => backupId));
    const { reserve, observe, freezes } = settings();
    const nowUtc = clock.nowUtc();
    const step = plan({
      run: { id: run.runId, slotUtc },
      nowUtc,
      instance,
      policy,
      backups,
      recent,
      gone,
      quota,
      reserve,
      observe,
      freezes,
    });
    return { step, instanceName: instance?.name ?? '' };
  }

  return async (claimed, signal) => {
    const run = usable(claimed);
    if ('rule' in run) return skip(claimed, run);
    try {
      const { step, instanceName } = await decide(run, signal);
      const perform = carry[step.kind] as (step: Step, work: Work) => Promise<void>;
      await perform(step, { run, instanceName, signal });
    } catch (error) {
      if (!(error instanceof CloudUnavailable)) throw error;
      await postpone(run, error.reason, after(error.retryAfterMs));
    }
  };
}

/** The policy was good when the slot was claimed; a newer Node may refuse it since. */
function usable(run: ClaimedRun): Run | Reason {
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
