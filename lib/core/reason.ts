import type { Period } from './keep.ts';
import type { Instant } from './model.ts';
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

  // When the first slot is
  'first-within': { readonly withinMs: number };
  'enrolled-over': { readonly overMs: number };

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

  // Not now
  'instance-busy': { readonly status: string };
  'backup-running': { readonly backup: string };
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
  'backing-off': { readonly failures: number; readonly untilUtc: Instant };
  frozen: { readonly untilUtc: Instant; readonly reason: string };
  quota: { readonly inUse: number; readonly limit: number; readonly reserve: number; readonly ask: number };
  'no-trust': { readonly project: string; readonly trustee: string };
  'no-role': { readonly project: string };
  'owner-conflict': { readonly backup: string; readonly owner: string };
  'policy-unusable': { readonly detail: string };
  missed: Record<never, never>;
  expired: { readonly held: Reason };

  // Whether an instance is protected
  'recent-point': { readonly pointUtc: Instant };
  'first-not-due': { readonly slotUtc: Instant };
  'under-way': { readonly slotUtc: Instant };
  'point-vanished': { readonly slotUtc: Instant };

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
  'kept-after-delete': { readonly untilUtc: Instant };
  'kept-last-chain': { readonly untilUtc: Instant };
  'kept-running': { readonly status: string };
  'kept-failed': Record<never, never>;
  'kept-no-point': { readonly status: string };

  // What is deleted, and what forbids it
  unwanted: Record<never, never>;
  'wanted-again': { readonly by: Reason };
  'gone-already': Record<never, never>;
  'failed-on-unwanted': { readonly parent: string };
  'no-recent-success': { readonly pointUtc: Instant; readonly intervalMs: number };
  'surplus-failed': { readonly kept: string };
  'has-child': { readonly child: string; readonly project: string };
  'restore-may-read': { readonly instance: string };
  'observing-deletion': Record<never, never>;
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

export type RuleName = keyof Rules;
export type ReasonOf<R extends RuleName> = { readonly rule: R; readonly params: Rules[R] };
export type Reason = { readonly [R in RuleName]: ReasonOf<R> }[RuleName];

/** `because('chain-length', { length: 6, max: 6 })` */
export function because<R extends RuleName>(rule: R, params: Rules[R]): ReasonOf<R> {
  return { rule, params };
}
