import { backingOff, type RecentRuns, withFailuresSeen } from './back-off.ts';
import { cadenceZone, shortestGapMs } from './cadence.ts';
import { chooseKind } from './chain.ts';
import { type Freeze, frozen } from './freeze.ts';
import { type DurationMs, type Instance, type Instant, isManaged, isRunning, type OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';

/** A project's backups against its limit. Trove: trove/quota/models.py; a limit below 0 is none. */
export interface Quota {
  readonly inUse: number;
  readonly reserved: number;
  readonly limit: number;
}

export interface PlanInput {
  readonly run: { readonly id: string; readonly slotUtc: Instant };
  readonly nowUtc: Instant;
  /** null when the project's own scope says there is none. */
  readonly instance: Instance | null;
  readonly policy: Policy;
  /** All of the instance's backups in its project. */
  readonly backups: readonly OwnedBackup[];
  readonly recent: RecentRuns;
  /** Backups under a delete intent. */
  readonly gone: ReadonlySet<string>;
  readonly quota: Quota;
  /** Units of the quota left to the project's users. */
  readonly reserve: number;
  readonly observe: boolean;
  readonly freezes: readonly Freeze[];
}

/** The one thing to do about a slot now. */
export type Step =
  | { readonly kind: 'full'; readonly because: Reason }
  | { readonly kind: 'incremental'; readonly parentId: string; readonly because: Reason }
  | { readonly kind: 'adopt'; readonly backupId: string; readonly because: Reason }
  | { readonly kind: 'skip'; readonly because: Reason }
  | { readonly kind: 'wait'; readonly because: Reason; readonly untilUtc: Instant };

/**
 * How long to leave a slot alone that something holds: half as long again as it has waited, so that a new instance is
 * not kept for a minute by its last second of building; at most a tenth of the shortest interval, from 1 s to 1 min.
 */
export function patienceMs(policy: Policy, waitedMs: DurationMs): DurationMs {
  const longest = Math.min(60_000, shortestGapMs(policy.cadence) / 10);
  return Math.max(1_000, Math.min(longest, Math.floor(waitedMs / 2)));
}

/** In these Trove takes the order. Trove: trove/instance/models.py, validate_can_perform_action */
const TAKES_BACKUPS: ReadonlySet<string> = new Set(['ACTIVE', 'RESTART_REQUIRED']);

function quotaShort(quota: Quota, reserve: number): Reason | null {
  const inUse = quota.inUse + quota.reserved;
  if (quota.limit < 0 || inUse < quota.limit - reserve) return null;
  return because('quota', { inUse, limit: quota.limit, reserve, ask: inUse + 1 + reserve });
}

function conflict(backups: readonly OwnedBackup[]): Reason | null {
  for (const { id, ownership } of backups) {
    if (ownership.kind === 'conflict') return because('owner-conflict', { backup: id, owner: ownership.owner });
  }
  return null;
}

/** Plans one slot of one instance. Nothing is done here: the step and its reason are the decision. */
export function plan(input: PlanInput): Step {
  const { run, instance, policy, backups } = input;
  const wait = (reason: Reason): Step => ({
    kind: 'wait',
    because: reason,
    untilUtc: input.nowUtc + patienceMs(policy, input.nowUtc - run.slotUtc),
  });

  if (!instance) return { kind: 'skip', because: because('instance-gone', {}) };
  const conflicting = conflict(backups);
  if (conflicting) return { kind: 'skip', because: conflicting };
  const made = backups.find((backup) => isManaged(backup) && backup.ownership.slotUtc === run.slotUtc);
  if (made) return { kind: 'adopt', backupId: made.id, because: because('adopted', { backup: made.id }) };
  const ice = frozen(input.freezes, cadenceZone(policy.cadence), [run.slotUtc, input.nowUtc]);
  if (ice) return { kind: 'skip', because: ice };
  const recent = withFailuresSeen(input.recent, backups);
  const resting = backingOff(policy, run.slotUtc, recent);
  if (resting) return { kind: 'skip', because: resting };
  const running = backups.find(isRunning);
  if (running) return wait(because('backup-running', { backup: running.id }));
  if (!TAKES_BACKUPS.has(instance.status)) return wait(because('instance-busy', { status: instance.status }));
  const short = quotaShort(input.quota, input.reserve);
  if (short) return { kind: 'skip', because: short };

  const choice = chooseKind(instance, policy, run.slotUtc, backups, recent, input.gone);
  if (input.observe) return { kind: 'skip', because: because('observing', { kind: choice.kind }) };
  if (choice.kind === 'full') return choice;
  return { kind: 'incremental', parentId: choice.parent.id, because: choice.because };
}
