import type { Period } from './keep.ts';
import type { Source } from './layers.ts';
import type { Instant } from './model.ts';
import type { Overridable } from './overrides.ts';
import type { Weekday } from './policy.ts';

/**
 * Every rule that decides something, with the facts it decided on. A decision carries its reason as data; the
 * sentences are in explain/. A new rule is a new row here, and the compiler then asks for its sentences.
 */
export interface Rules {
  // Whether an instance has a schedule
  'policy-selects': { readonly policy: string };
  'excluded-project': { readonly project: string };
  'excluded-datastore': { readonly datastore: string };
  'excluded-name': { readonly name: string; readonly pattern: string };
  replica: { readonly master: string };
  'cluster-member': { readonly cluster: string };
  'no-policy': Record<never, never>;
  'policy-vanished': { readonly policy: string };
  'instance-gone': Record<never, never>;
  'project-policy-selects': { readonly policy: string };
  'opted-out': Record<never, never>;

  // What users may not change, and what of that which they said does not count
  'override-not-allowed': { readonly what: Overridable | 'enabled' | 'pause'; readonly policy: string };
  'override-too-often': { readonly everyMs: number; readonly leastMs: number; readonly policy: string };
  /** `withinMs` is null where there is no `within`, which alone keeps every backup of a time. */
  'override-keeps-too-little': {
    readonly withinMs: number | null;
    readonly leastMs: number;
    readonly policy: string;
  };
  'pause-too-long': { readonly forMs: number; readonly mostMs: number; readonly policy: string };
  'override-of-rule': { readonly form: 'cron' | 'rrule' };
  'override-zone-alone': Record<never, never>;
  /** Some instances would never have a slot in it. */
  'override-beyond-window': { readonly everyMs: number; readonly openMs: number };
  'override-dropped': { readonly of: Overridable; readonly source: Source; readonly by: DroppedReason };
  'opt-out-dropped': { readonly by: Reason };

  // What is to be seen to in a policy
  'selects-nothing': Record<never, never>;
  'keeps-beyond': { readonly keptMs: number; readonly horizonMs: number };
  'chain-outlasts': { readonly withinMs: number; readonly chainMs: number };
  'window-gap': { readonly everyMs: number; readonly longestMs: number };

  // When the first slot is
  'first-within': { readonly withinMs: number };
  'enrolled-over': { readonly overMs: number };

  // Why a slot comes between two others
  // Why a slot is when it is; `local` as clocks there show it
  'slot-elapsed': { readonly everyMs: number };
  'slot-within': { readonly zone: string };
  'slot-named': { readonly local: string; readonly zone: string; readonly offsetMs: number };
  'slot-skipped-time': { readonly local: string; readonly zone: string };
  'slot-doubled-time': { readonly local: string; readonly zone: string };
  'slot-stretched': { readonly slots: number };
  'slot-out-of-turn': Record<never, never>;
  'slot-unknown': Record<never, never>;
  'made-for-slot': { readonly slotUtc: Instant };
  'made-by-user': Record<never, never>;
  'makes-up-for': { readonly slotUtc: Instant; readonly by: Reason };

  // Full or incremental
  'no-chain': Record<never, never>;
  'full-only': { readonly datastore: string };
  'version-changed': { readonly from: string; readonly to: string };
  'previous-failed': { readonly slotUtc: Instant };
  'chain-length': { readonly length: number; readonly max: number };
  'chain-age': { readonly startedUtc: Instant; readonly fullEveryMs: number };
  'full-anchor': { readonly period: Period; readonly startDay: number; readonly count: number };
  'full-weekday': { readonly weekday: Weekday; readonly startedUtc: Instant };
  'continues-chain': { readonly parent: string; readonly length: number; readonly max: number };
  'full-demanded': Record<never, never>;

  // Not now
  'instance-busy': { readonly status: string };
  'backup-running': { readonly backup: string };
  'backup-stuck': {
    readonly backup: string;
    readonly instance: string;
    readonly status: string;
    readonly sinceUtc: Instant;
    readonly limitMs: number;
  };
  'cap-reached': Record<never, never>;
  'no-answer-yet': Record<never, never>;
  'rate-limited': { readonly retryAfterMs: number };
  'storage-away': { readonly detail: string };
  unreachable: { readonly detail: string };
  busy: { readonly detail: string };
  'quota-refused': { readonly detail: string };
  'not-found': { readonly detail: string };
  unauthorized: { readonly detail: string };
  refused: { readonly detail: string };

  // Not this slot
  observing: { readonly kind: string };
  paused: { readonly owner: string; readonly note: string; readonly untilUtc: Instant };
  'backing-off': { readonly failures: number; readonly untilUtc: Instant };
  frozen: { readonly untilUtc: Instant; readonly reason: string };
  quota: { readonly inUse: number; readonly limit: number; readonly reserve: number; readonly ask: number };
  /** `ours` is the most that its instances will have at once by their policies, `others` what else uses the quota. */
  'quota-short': {
    readonly ours: number;
    readonly others: number;
    readonly limit: number;
    readonly reserve: number;
    readonly ask: number;
  };
  /** The oldest instances of its project are backed up, as many as the quota holds. */
  'quota-holds-older': { readonly limit: number; readonly ask: number };
  'quota-enough': { readonly limit: number };
  'quota-freeing': Record<never, never>;
  'no-trust': { readonly project: string; readonly trustee: string };
  'no-role': { readonly project: string };
  'owner-conflict': { readonly backup: string; readonly owner: string };
  'policy-unusable': { readonly detail: string };
  missed: Record<never, never>;
  expired: { readonly held: Reason };
  'window-ended': { readonly held: Reason };
  credited: { readonly backup: string; readonly finishedUtc: Instant };
  'demand-expired': { readonly afterMs: number; readonly held: Reason };
  'demand-cancelled': { readonly who: string };

  // Why a request is not taken
  'instance-unknown': Record<never, never>;
  'demand-waiting': { readonly run: string };
  'key-reused': { readonly run: string };

  // What a policy was changed to, so that the quota holds it
  'adapted-chains': { readonly from: number; readonly to: number };
  'adapted-interval': { readonly fromMs: number; readonly toMs: number };
  'adapted-count': { readonly of: 'last' | Period; readonly from: number; readonly to: number };
  'adapted-floor': { readonly fulls: number };

  // Whether an instance is protected
  'recent-point': { readonly pointUtc: Instant };
  'first-not-due': { readonly slotUtc: Instant };
  'under-way': { readonly slotUtc: Instant };
  'point-vanished': { readonly slotUtc: Instant };
  'credit-vanished': { readonly backup: string; readonly slotUtc: Instant };

  // What is kept
  'kept-within': { readonly withinMs: number };
  'kept-window-start': { readonly withinMs: number; readonly startUtc: Instant };
  'kept-last': { readonly place: number; readonly count: number };
  /** `startDay`: the first day of the period, from 1970-01-01. */
  'kept-period': {
    readonly period: Period;
    readonly startDay: number;
    readonly place: number;
    readonly count: number;
  };
  'kept-without-rule': Record<never, never>;
  'kept-newest': Record<never, never>;
  'kept-floor': { readonly fulls: number };
  'kept-ancestor': { readonly of: string };
  'kept-held': { readonly owner: string; readonly note: string; readonly untilUtc: Instant | null };
  'kept-on-demand': Record<never, never>;
  'kept-demanded-until': { readonly untilUtc: Instant };
  'kept-after-delete': { readonly untilUtc: Instant };
  'kept-last-chain': { readonly untilUtc: Instant };
  'kept-running': { readonly status: string };
  'kept-failed': Record<never, never>;
  'kept-no-point': { readonly status: string };

  // Why nothing can be restored from a backup
  'not-whole': { readonly backup: string; readonly status: string };
  'deletion-asked': { readonly backup: string };
  'parent-missing': { readonly backup: string; readonly parent: string };
  'parent-elsewhere': { readonly backup: string; readonly parent: string };

  // What is deleted, and what forbids it
  unwanted: Record<never, never>;
  'wanted-again': { readonly by: Reason };
  'gone-already': Record<never, never>;
  'left-by-instance': { readonly status: string };
  'failed-on-unwanted': { readonly parent: string };
  'no-recent-success': { readonly pointUtc: Instant; readonly intervalMs: number };
  'surplus-failed': { readonly kept: string };
  'has-child': { readonly child: string; readonly project: string };
  'restore-may-read': { readonly instance: string };
  'seen-again': { readonly instance: string };
  'observing-deletion': Record<never, never>;
  /** `taken`: how many more went. */
  'took-more': { readonly backup: string; readonly taken: number };
  'clock-was-wrong': { readonly untilUtc: Instant };
  quarantine: { readonly untilUtc: Instant };
  'odd-row': { readonly what: 'instance' | 'backup'; readonly id: string; readonly field: string };
  'unwanted-no-more': Record<never, never>;
  'deletion-without-effect': { readonly afterMs: number };

  // Why the time is not gone by
  'clock-unproven': Record<never, never>;
  'clock-jumped': { readonly byMs: number };
  'clock-apart': { readonly aheadMs: number };

  // How a backup ended
  accepted: Record<never, never>;
  adopted: { readonly backup: string };
  'answer-lost': { readonly detail: string };
  restarted: Record<never, never>;
  'backup-completed': Record<never, never>;
  'backup-failed': { readonly status: string };
  'backup-vanished': { readonly backup: string };
  'outcome-unknown': { readonly afterMs: number };
}

/** Why what somebody says of a policy does not count. */
export type DroppedReason = ReasonOf<
  | 'override-not-allowed'
  | 'override-too-often'
  | 'override-keeps-too-little'
  | 'override-of-rule'
  | 'override-zone-alone'
  | 'override-beyond-window'
  | 'pause-too-long'
  | 'kept-without-rule'
>;

/** What is told of a policy before it is made. */
export type LintReason =
  | DroppedReason
  | ReasonOf<'selects-nothing' | 'keeps-beyond' | 'chain-outlasts' | 'window-gap' | 'quota-short'>;

export type RuleName = keyof Rules;
export type ReasonOf<R extends RuleName> = { readonly [N in R]: { readonly rule: N; readonly params: Rules[N] } }[R];
export type Reason = ReasonOf<RuleName>;

/** `because('chain-length', { length: 6, max: 6 })` */
export function because<R extends RuleName>(rule: R, params: Rules[R]): ReasonOf<R> {
  return { rule, params };
}
