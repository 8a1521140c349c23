import { backingOff, type RecentRuns, withFailuresSeen } from './back-off.ts';
import { cadenceZone, shortestGapMs } from './cadence.ts';
import { chooseKind, type KindDecision } from './chain.ts';
import { type Credit, creditFor } from './credit.ts';
import { type Freeze, frozen } from './freeze.ts';
import {
  type BackupKind,
  type DurationMs,
  type Instance,
  type Instant,
  isRunning,
  type OwnedBackup,
  type Ownership,
} from './model.ts';
import { demandPatienceMs } from './on-demand.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';

/** A project's backups against its limit. Trove: trove/quota/models.py; a limit below 0 is none. */
export interface Quota {
  readonly inUse: number;
  readonly reserved: number;
  readonly limit: number;
}

export interface PlanInput {
  /** `demanded`: of a request, what it asks for; it is not bound by the back-off, and waits where a slot is skipped. */
  readonly run: { readonly id: string; readonly slotUtc: Instant; readonly demanded?: BackupKind | null };
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
  /** Running backups that are stuck, by id, and why each is. */
  readonly stuck?: Readonly<Record<string, Reason>>;
  readonly freezes: readonly Freeze[];
}

/** The one thing to do about a slot now. */
export type Step =
  | { readonly kind: 'full'; readonly because: Reason }
  | { readonly kind: 'incremental'; readonly parentId: string; readonly because: Reason }
  | { readonly kind: 'adopt'; readonly backupId: string; readonly because: Reason }
  | ({ readonly kind: 'credit' } & Credit)
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

/** Somebody has to see to it: ten minutes, or a tenth of the shortest interval. */
const stuckPatienceMs = ({ cadence }: Policy): DurationMs => Math.min(600_000, shortestGapMs(cadence) / 10);

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

/** Whether it was made for the run: for its slot, by whatever life; or, of a request, by this run alone. */
function isMadeFor({ id, slotUtc, demanded }: PlanInput['run'], ownership: Ownership): boolean {
  if (ownership.kind !== 'managed') return false;
  if (demanded) return ownership.runId === id;
  return ownership.origin !== 'on_demand' && ownership.slotUtc === slotUtc;
}

function chosen({ run, policy, backups, gone }: PlanInput, instance: Instance, recent: RecentRuns): KindDecision {
  if (run.demanded === 'full') return { kind: 'full', because: because('full-demanded', {}) };
  return chooseKind(instance, policy, run.slotUtc, backups, recent, gone);
}

/** Plans one slot, or one request, of one instance. Nothing is done here: the step and its reason are the decision. */
export function plan(input: PlanInput): Step {
  const { run, instance, policy, backups, nowUtc } = input;
  const waitedMs = nowUtc - run.slotUtc;
  const isDemand = Boolean(run.demanded);
  const wait = (reason: Reason): Step => ({
    kind: 'wait',
    because: reason,
    untilUtc: nowUtc + (isDemand ? demandPatienceMs(waitedMs) : patienceMs(policy, waitedMs)),
  });
  const skip = (reason: Reason): Step => ({ kind: 'skip', because: reason });
  const notNow = isDemand ? wait : skip;

  if (!instance) return skip(because('instance-gone', {}));
  const conflicting = conflict(backups);
  if (conflicting) return skip(conflicting);
  const made = backups.find(({ ownership }) => isMadeFor(run, ownership));
  if (made) return { kind: 'adopt', backupId: made.id, because: because('adopted', { backup: made.id }) };
  const recent = withFailuresSeen(input.recent, backups);
  const credit = isDemand
    ? null
    : creditFor({ slotUtc: run.slotUtc, instance, policy, backups, recent, gone: input.gone });
  if (credit) return { kind: 'credit', ...credit };
  const ice = frozen(input.freezes, cadenceZone(policy.cadence), [run.slotUtc, nowUtc]);
  if (ice) return notNow(ice);
  const resting = isDemand ? null : backingOff(policy, run.slotUtc, recent);
  if (resting) return skip(resting);
  const running = backups.find(isRunning);
  const stuck = running && input.stuck?.[running.id];
  if (stuck) return { kind: 'wait', because: stuck, untilUtc: nowUtc + stuckPatienceMs(policy) };
  if (running) return wait(because('backup-running', { backup: running.id }));
  if (!TAKES_BACKUPS.has(instance.status)) return wait(because('instance-busy', { status: instance.status }));
  const short = quotaShort(input.quota, input.reserve);
  if (short) return notNow(short);

  const choice = chosen(input, instance, recent);
  if (input.observe) return skip(because('observing', { kind: choice.kind }));
  if (choice.kind === 'full') return choice;
  return { kind: 'incremental', parentId: choice.parent.id, because: choice.because };
}
