import { anchorDue } from './anchor.ts';
import type { RecentRuns } from './back-off.ts';
import { baseOf, shortestGapMs } from './cadence.ts';
import { modulo, weekdayOf } from './civil.ts';
import {
  asOfUtc,
  type Backup,
  type Datastore,
  type Instance,
  type Instant,
  isManaged,
  type ManagedBackup,
  type OwnedBackup,
} from './model.ts';
import { type Policy, WEEKDAYS, type Weekday } from './policy.ts';
import { because, type Reason } from './reason.ts';
import { dayOfSlot, hasSlotOn, spreadWeekday } from './recurrence.ts';

/** A full backup of ours and the incrementals on it, root first: what a restore of `tip` needs. */
export interface Chain {
  readonly root: ManagedBackup;
  readonly tip: ManagedBackup;
  /** Incrementals between the root and the tip, the tip counted. */
  readonly length: number;
}

export type KindDecision =
  | { readonly kind: 'full'; readonly because: Reason }
  | { readonly kind: 'incremental'; readonly parent: ManagedBackup; readonly because: Reason };

/** PostgreSQL's incremental takes what came since the guest's previous backup, whoever made that: a trap. */
const FULL_ONLY: ReadonlySet<string> = new Set(['postgresql']);

export const isFullOnly = ({ type }: Datastore): boolean => FULL_ONLY.has(type);

/** Whose the backups are. */
type Owner = Pick<Instance, 'id' | 'projectId'>;

/** Trove takes any backup as a parent, failed ones and other instances' too; these alone can be restored from. */
function mayBeAncestor(backup: OwnedBackup | undefined, instance: Owner, gone: ReadonlySet<string>): boolean {
  return (
    backup !== undefined &&
    isManaged(backup) &&
    backup.status === 'COMPLETED' &&
    backup.instanceId === instance.id &&
    backup.projectId === instance.projectId &&
    !backup.location?.startsWith('cinder://') &&
    !gone.has(backup.id)
  );
}

/** The chain that ends in a backup, or null if any link of it cannot be restored from. */
function chainTo(
  tip: OwnedBackup,
  byId: ReadonlyMap<string, OwnedBackup>,
  instance: Owner,
  gone: ReadonlySet<string>,
): Chain | null {
  if (!isManaged(tip)) return null;
  let root: ManagedBackup = tip;
  let length = 0;
  for (let link: OwnedBackup | undefined = tip; ; length++) {
    if (!link || !mayBeAncestor(link, instance, gone) || !isManaged(link) || length > byId.size) return null;
    root = link;
    if (link.parentId === null) return { root, tip, length };
    link = byId.get(link.parentId);
  }
}

// Trove tells whole seconds: of two made in one the order must not hang on the list's.
const newestFirst = (a: Chain, b: Chain): number =>
  asOfUtc(b.tip) - asOfUtc(a.tip) ||
  b.tip.createdUtc - a.tip.createdUtc ||
  b.length - a.length ||
  (b.tip.id < a.tip.id ? -1 : 1);

/**
 * Every recovery point of ours with the chain it stands on, newest slot first.
 * @param gone ids under a delete intent: neither recovery points nor parents any more
 */
export function recoveryPoints(
  instance: Owner,
  backups: readonly OwnedBackup[],
  gone: ReadonlySet<string> = new Set(),
): readonly Chain[] {
  const byId = new Map(backups.map((backup) => [backup.id, backup]));
  return backups
    .map((backup) => chainTo(backup, byId, instance, gone))
    .filter((chain): chain is Chain => chain !== null)
    .sort(newestFirst);
}

const versionOf = ({ datastore }: Backup | Instance): string =>
  datastore === null ? 'unknown' : `${datastore.type} ${datastore.version}`;

const toleranceMs = ({ cadence }: Policy): number =>
  baseOf(cadence).kind === 'elapsed' ? 0 : shortestGapMs(cadence) / 2;

/**
 * The weekday of fulls, if a slot is on it, or the first run since a slot that was, and the chain began before: what passed
 * without a full is made up for by one.
 */
function fullDay(policy: Policy, instanceId: string, startedUtc: Instant, slotUtc: Instant): Weekday | null {
  const { cadence, fullOn } = policy;
  if (fullOn === undefined) return null;
  const day = dayOfSlot(cadence, instanceId, slotUtc);
  const wanted = fullOn === 'spread' ? spreadWeekday(instanceId) : WEEKDAYS.indexOf(fullOn);
  const fullsDay = day - modulo(weekdayOf(day) - wanted, 7);
  if (dayOfSlot(cadence, instanceId, startedUtc) >= fullsDay) return null;
  return fullsDay === day || hasSlotOn(cadence, instanceId, fullsDay) ? (WEEKDAYS[wanted] ?? null) : null;
}

/** Why a chain of so many incrementals that began then cannot go on by its policy, or null if it can. */
export function chainEnds(
  policy: Policy,
  instanceId: string,
  length: number,
  startedUtc: Instant,
  slotUtc: Instant,
): Reason | null {
  if (length >= policy.maxIncrementals) return because('chain-length', { length, max: policy.maxIncrementals });
  // Local days are not all of 24 hours: a slot that is nearer to the full's day than the next one is that day's.
  if (slotUtc - startedUtc >= policy.fullEveryMs - toleranceMs(policy)) {
    return because('chain-age', { startedUtc, fullEveryMs: policy.fullEveryMs });
  }
  const weekday = fullDay(policy, instanceId, startedUtc, slotUtc);
  if (weekday) return because('full-weekday', { weekday, startedUtc });
  return anchorDue(policy, instanceId, slotUtc, startedUtc);
}

function endOfChain({ root, tip, length }: Chain, instance: Instance, policy: Policy, slotUtc: Instant): Reason | null {
  const [from, to] = [versionOf(tip), versionOf(instance)];
  if (from !== to) return because('version-changed', { from, to });
  return chainEnds(policy, instance.id, length, asOfUtc(root), slotUtc);
}

/**
 * Full, or incremental on which parent, and why. An incremental only ever goes on the newest recovery point. A failed run
 * is followed by a full, since nobody knows what it left behind.
 */
export function chooseKind(
  instance: Instance,
  policy: Policy,
  slotUtc: Instant,
  backups: readonly OwnedBackup[],
  recent: RecentRuns,
  gone: ReadonlySet<string> = new Set(),
): KindDecision {
  const full = (reason: Reason): KindDecision => ({ kind: 'full', because: reason });
  if (isFullOnly(instance.datastore)) return full(because('full-only', { datastore: instance.datastore.type }));
  const chain = recoveryPoints(instance, backups, gone)[0];
  if (!chain) return full(because('no-chain', {}));
  if (recent.lastFailedUtc !== null) return full(because('previous-failed', { slotUtc: recent.lastFailedUtc }));
  const end = endOfChain(chain, instance, policy, slotUtc);
  if (end) return full(end);
  const facts = { parent: chain.tip.id, length: chain.length + 1, max: policy.maxIncrementals };
  return { kind: 'incremental', parent: chain.tip, because: because('continues-chain', facts) };
}
