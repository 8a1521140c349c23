import type { Instant } from '../../lib/core/index.ts';

/** A backup whose owner has it deleted through this service, or one that goes along. */
export interface Departure {
  readonly backupId: string;
  readonly projectId: string;
}

/** What owners had deleted through this service: under a delete intent, as what the service itself deletes. */
export interface DeparturesPort {
  /** Synced before it resolves. Only then may the DELETE go out. */
  depart(departures: readonly Departure[], nowUtc: Instant): Promise<void>;
  /** The DELETE surely had no effect: these are what they were before. */
  stay(backupIds: readonly string[]): Promise<void>;
  /** Those that were asked for before are gone by now, or the DELETE was lost. */
  endDepartures(beforeUtc: Instant): Promise<void>;
}
