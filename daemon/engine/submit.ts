import {
  type BackupKind,
  backupName,
  because,
  catchUpSlot,
  demandPatienceMs,
  isMadeUpFor,
  markerText,
  patienceMs,
  type Reason,
  type Step,
} from '../../lib/core/index.ts';
import { CloudUnavailable, type RequestNames, type SubmitOutcome } from '../ports/cloud.ts';
import type { Passed } from '../ports/run-ledger.ts';
import type { ClaimedRun, Intent } from '../ports/schedule.ts';
import { createDecide, type DecideDeps, type Run, usable } from './decide.ts';
import { factsOf, requestFacts } from './facts.ts';

export interface SubmitDeps extends DecideDeps {
  /** Told when a backup was asked for: tracking should look. */
  readonly onSubmitted: () => void;
  /** Told when slots may have changed. */
  readonly onSchedules: () => void;
}

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
  const { cloud, ledger, clock, log, identity, settings } = deps;
  const decide = createDecide(deps);

  /** Its next slot was claimed, or its schedule ended, while the cloud was being asked. Nothing was sent. */
  function overtaken(run: ClaimedRun): void {
    log.info('run.overtaken', factsOf(run));
  }

  const after = (ms: number | null): number | null => (ms === null ? null : clock.nowUtc() + ms);

  /** To an instant, or by the schedule's own patience. */
  async function postpone(run: Run, reason: Reason, at: number | null, request?: RequestNames): Promise<void> {
    const nowUtc = clock.nowUtc();
    const waitedMs = nowUtc - run.slotUtc;
    const untilUtc = at ?? nowUtc + (run.demanded ? demandPatienceMs(waitedMs) : patienceMs(run.policy, waitedMs));
    const postponed = await ledger.postpone(run.runId, untilUtc, reason, nowUtc);
    if (postponed.kind === 'overtaken') return overtaken(run);
    if (postponed.kind === 'skipped') {
      log.warn('run.skipped', { ...factsOf(run), because: postponed.because, ...requestFacts(request) });
      return;
    }
    const until = new Date(untilUtc).toISOString();
    log.info('run.waiting', { ...factsOf(run), until, because: reason, ...requestFacts(request) });
  }

  /** Ends a run as skipped, and where that is to be made up for, has its schedule go on sooner. */
  async function pass(run: ClaimedRun, reason: Reason): Promise<Passed | null> {
    const nowUtc = clock.nowUtc();
    const end = { state: 'skipped', because: reason } as const;
    const { rule: by } = reason;
    if (run.demanded || !isMadeUpFor(by))
      return (await ledger.end(run.runId, end, nowUtc)) ? { nextSlotUtc: null } : null;
    const { freezes } = settings();
    return ledger.pass(run.runId, end, nowUtc, ({ policy, ...left }) =>
      catchUpSlot(policy, { nowUtc, freezes, by, ...left }),
    );
  }

  async function skip(run: ClaimedRun, reason: Reason, request?: RequestNames): Promise<void> {
    const passed = await pass(run, reason);
    if (!passed) return overtaken(run);
    log.warn('run.skipped', { ...factsOf(run), because: reason, ...requestFacts(request) });
    const { run: _, slot: __, ...facts } = factsOf(run);
    if (passed.nextSlotUtc !== null) {
      const why = because('makes-up-for', { slotUtc: run.slotUtc, by: reason });
      log.info('schedule.hastened', { ...facts, nextSlot: new Date(passed.nextSlotUtc).toISOString(), because: why });
      deps.onSchedules();
    }
    if (reason.rule !== 'owner-conflict') return;
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
    const said = { owner, runId, slotUtc, kind: run.demanded ? ('demand' as const) : kind };
    const mac = identity.mac({ ...said, instanceId, parentId });
    const description = markerText({ ...said, mac });
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
    credit: async ({ backupId, pointUtc, because: reason }, { run }) => {
      const end = { state: 'credited', because: reason, backupId, pointUtc } as const;
      if (!(await ledger.end(run.runId, end, clock.nowUtc()))) return overtaken(run);
      log.info('run.credited', { ...factsOf(run), backup: backupId, because: reason });
    },
    adopt: async (step, { run }) => {
      if (!(await ledger.adopt(run.runId, step.backupId, step.because, clock.nowUtc()))) return overtaken(run);
      log.info('run.adopted', { ...factsOf(run), backup: step.backupId });
      deps.onSubmitted();
    },
  };

  return async (claimed, signal) => {
    if (claimed.paused) return skip(claimed, claimed.paused);
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
