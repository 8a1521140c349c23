import type { Hold, Instance, Instant, Mark, Measures, Policy, Reason } from '../../lib/core/index.ts';

/** An instance with a schedule, and by what that goes. */
export interface OutlookSchedule {
  readonly instance: Pick<Instance, 'id' | 'datastore' | 'createdUtc'>;
  /** As it is configured, and as it is gone by: the same where nothing was adapted. */
  readonly configured: Policy;
  readonly policy: Policy;
  /** In what the two differ. */
  readonly adapted: readonly Reason[];
  readonly refused: Reason | null;
  readonly nextSlotUtc: Instant;
  /** It has had no slot yet. */
  readonly isFirst: boolean;
}

/** A project as its last outlook left it. */
export interface ProjectOutlook {
  readonly schedules: readonly OutlookSchedule[];
  readonly holds: readonly Hold[];
  readonly marks: readonly Mark[];
  /** null before the first. */
  readonly measures: Measures | null;
  /** Its schedules changed since. */
  readonly isChanged: boolean;
  /** What was told of it, and when; null where its quota held everything. */
  readonly told: { readonly because: Reason; readonly atUtc: Instant } | null;
}

/** What a schedule goes by from now on; not carried out where another policy was configured meanwhile. */
export interface ScheduleChange {
  readonly instanceId: string;
  readonly configured: Policy;
  readonly policy: Policy;
  readonly adapted: readonly Reason[];
  readonly refused: Reason | null;
  /** Where its slots go on; null where they do not move. */
  readonly nextSlotUtc: Instant | null;
}

export interface OutlookResult {
  readonly projectId: string;
  readonly measures: Measures;
  /** By which settings it was made. */
  readonly madeBy: string;
  readonly told: ProjectOutlook['told'];
  /** Of what `begin` was given; what became due since stays due. */
  readonly nextUtc: Instant;
  readonly changes: readonly ScheduleChange[];
}

/** Which projects are looked at, and what came of it. Every call is one transaction. */
export interface OutlookPort {
  /** All that were looked at by other settings are due. */
  settingsAre(madeBy: string): Promise<void>;
  due(nowUtc: Instant, limit: number): Promise<readonly string[]>;
  /** When the next is due; null where there is none. */
  nextDue(): Promise<Instant | null>;
  /** What `begin` gives, and nothing else. */
  known(projectId: string): Promise<ProjectOutlook>;
  /** The project's next look is at `nextUtc`, unless something changes before. */
  begin(projectId: string, nextUtc: Instant): Promise<ProjectOutlook>;
  /** Gives the ids of the instances whose schedules were changed. */
  save(result: OutlookResult): Promise<ReadonlySet<string>>;
  /** The project is due, if it is known. */
  request(projectId: string): Promise<void>;
  /** Told whenever a quota is read: a project whose limit changed is due. Whether it is. */
  limitSeen(projectId: string, limit: number): Promise<boolean>;
  /** Projects whose quota does not hold what their policies make. */
  countShort(): Promise<number>;
}
