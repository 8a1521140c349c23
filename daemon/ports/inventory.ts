import type { Cadence, Instance, Instant, Policy, Reason } from '../../lib/core/index.ts';

/** What the store had of an instance before. */
export type Standing =
  | { readonly kind: 'none' }
  /** The instance, but no active schedule: why not, where it was excluded. */
  | { readonly kind: 'known'; readonly excludedBecause: Reason | null }
  | {
      readonly kind: 'scheduled';
      /** By which its slots went until now; null where it cannot be read any more. */
      readonly cadence: Cadence | null;
      readonly nextSlotUtc: Instant;
      readonly isFirst: boolean;
    };

/**
 * What is decided about an instance: a schedule by a policy, or none and why. Where no policy selects it, a schedule whose
 * own policy is not among `policies` any more is an orphan, and runs on with the copy that it holds.
 */
export type Enrolment =
  | {
      readonly kind: 'scheduled';
      /** The operator's. What its project says over it is laid upon it inside the transaction. */
      readonly policy: Policy;
      readonly because: Reason;
      /** Where the slots of what it then goes by begin; pure, called inside the transaction. */
      readonly first: (standing: Standing, policy: Policy) => FirstSlot;
    }
  | { readonly kind: 'excluded'; readonly because: Reason }
  | { readonly kind: 'unselected'; readonly because: Reason; readonly policies: ReadonlySet<string> };

export interface FirstSlot {
  readonly slotUtc: Instant;
  readonly because: Reason;
}

export interface Sighting {
  readonly instance: Instance;
  readonly enrolment: Enrolment;
}

/** What became of an instance's schedule; `unchanged` is most of them. */
export interface Assigned {
  readonly kind: 'assigned' | 'changed' | 'orphaned' | 'excluded' | 'unchanged';
  /** Why it has a schedule, or none. */
  readonly because: Reason;
  readonly nextSlotUtc: Instant | null;
  /** Why the first slot is when it is; null where nothing was assigned. */
  readonly slotBecause: Reason | null;
}

/** What storing a sighting changed. */
export interface InventoryChange extends Assigned {
  /** True the first time this store sees the instance. */
  readonly discovered: boolean;
  /** True when a tombstone was lifted. */
  readonly returned: boolean;
  readonly sighting: Sighting;
}

export interface KnownInstance {
  readonly instanceId: string;
  readonly projectId: string;
}

/** A part of the living instances that are known. */
export interface AbsencePage {
  /** Not seen in this look for the first time. */
  readonly absentOnce: readonly KnownInstance[];
  /** Not seen in this look and in an earlier one: gone, if the API itself says so. */
  readonly absentTwice: readonly KnownInstance[];
  readonly knownByProject: ReadonlyMap<string, number>;
  /** Where the next part begins; null after the last. */
  readonly next: string | null;
}

/** The instances this store knows and their schedules. */
export interface InventoryPort {
  /** When the store was made; put right when the clock was wrong then. */
  readonly storeBornUtc: Instant;
  /** Stores what was seen; a schedule that stands keeps its next slot. At most 500 a call. */
  saveSightings(sightings: readonly Sighting[], nowUtc: Instant): Promise<readonly InventoryChange[]>;
  /** A look at the whole region begins: from now on it counts who is seen. */
  beginLook(): Promise<void>;
  /** What else was seen in it, though it cannot be read: it is not gone, and its schedule stands. */
  markSeen(instanceIds: readonly string[]): Promise<void>;
  /** After a look that was complete, part by part from null: which known instances were not seen. */
  noteAbsences(after: string | null): Promise<AbsencePage>;
  /** How many were buried within the last 24 hours that nobody had confirmed. */
  goneLately(nowUtc: Instant): Promise<number>;
  /** Ends the schedules; nothing else of them is forgotten. `isConfirmed`: by an operator, or Keystone. */
  entomb(instances: readonly KnownInstance[], nowUtc: Instant, isConfirmed: boolean): Promise<void>;
}
