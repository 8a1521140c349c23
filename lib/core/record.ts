import { canonical } from './canonical.ts';
import { type Fate, type FatesInput, fates } from './fate.ts';
import { type MarksInput, type PruneStep, pruneStep } from './marks.ts';
import type { Backup, Instant } from './model.ts';
import { type PlanInput, plan } from './plan.ts';
import type { Policy } from './policy.ts';
import type { Reason } from './reason.ts';

/** All that is decided on about the backups of one instance. */
export type PruneInput = FatesInput & Pick<MarksInput, 'marks' | 'graceMs'>;

/** What of a decision about what stays and goes has an effect. */
export interface PruneOutcome {
  readonly mark: readonly Judged[];
  readonly lift: readonly Judged[];
  /** The first goes next. */
  readonly ripe: readonly Judged[];
  readonly blocked: readonly Judged[];
  readonly kept: number;
}
interface Judged {
  readonly backupId: string;
  readonly because: Reason;
}

const KINDS = {
  plan: (input: PlanInput): unknown => plan(input),
  prune: (input: PruneInput): unknown => decidePrune(input).outcome,
} as const;
export type DecisionKind = keyof typeof KINDS;
export const DECISION_KINDS = Object.keys(KINDS) as readonly DecisionKind[];

/** What an input decides now. */
export function decideAnew(kind: DecisionKind, input: unknown): unknown {
  return (KINDS[kind] as (given: unknown) => unknown)(input);
}

/** What becomes of each backup of an instance, what is to be done about it, and what of that is recorded. */
export function decidePrune(input: PruneInput): {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly step: PruneStep;
  readonly outcome: PruneOutcome;
} {
  const found = fates(input);
  const step = pruneStep({ ...input, fates: found });
  const ids = (judged: PruneStep['mark']): readonly Judged[] =>
    judged.map(({ backup, because }) => ({ backupId: backup.id, because }));
  const blocked = [...found].flatMap(([backupId, fate]) =>
    fate.kind === 'blocked' ? [{ backupId, because: fate.because }] : [],
  );
  const kept = [...found.values()].filter(({ kind }) => kind === 'kept').length;
  return {
    fates: found,
    step,
    outcome: { mark: ids(step.mark), lift: step.lift, ripe: ids(step.ripe), blocked, kept },
  };
}

/** A decision as it is stored: texts of what it was made of, apart so that what many share is stored once. */
export interface RecordedDecision {
  readonly kind: DecisionKind;
  readonly instanceId: string;
  readonly projectId: string;
  readonly atUtc: Instant;
  /** All that is neither the policy nor a list of backups. */
  readonly facts: string;
  readonly policy: string;
  readonly backups: string;
  readonly outcome: string;
}

/** Decisions go by whether a description begins as a marker, and no further: that of a user may hold anything. */
const BEGINS_AS_MARKER = /^trove-autobackup\//;
const bare = <B extends Backup>(backup: B): B => ({
  ...backup,
  description: BEGINS_AS_MARKER.exec(backup.description ?? '')?.[0] ?? null,
});

type Recordable = {
  readonly policy: Pick<Policy, 'cadence'>;
  readonly backups: readonly Backup[];
  readonly nowUtc: Instant;
};

/** @param owner whose backups it is about */
export function record(
  kind: DecisionKind,
  owner: { readonly instanceId: string; readonly projectId: string },
  input: (PlanInput | PruneInput) & Recordable,
  outcome: unknown,
): RecordedDecision {
  const { policy, backups, elsewhere = [], ...facts } = { elsewhere: undefined, ...input };
  return {
    kind,
    ...owner,
    atUtc: input.nowUtc,
    facts: canonical(facts),
    policy: canonical(policy),
    backups: canonical({ backups: backups.map(bare), elsewhere: elsewhere.map(bare) }),
    outcome: canonical(outcome),
  };
}
