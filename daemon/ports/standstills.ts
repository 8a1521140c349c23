import type { Instant } from '../../lib/core/index.ts';

/** That an instance gets no backups for a while, and loses none. */
export interface Pause {
  readonly untilUtc: Instant;
  /** Who asked for it. */
  readonly owner: string;
  /** Why, in the owner's words. */
  readonly note: string;
}

/** Times in which nothing is pruned and retention does not age. Every call is one transaction, durable when it resolves. */
export interface StandstillPort {
  /**
   * In the place of one that lasts still; its slots are skipped until then. False where the instance has no schedule, or
   * the end has passed.
   */
  pause(instanceId: string, pause: Pause, nowUtc: Instant): Promise<boolean>;
  /** Ends a pause now. False where there is none. */
  resume(instanceId: string, nowUtc: Instant): Promise<boolean>;
  /** null where none lasts. */
  paused(instanceId: string, nowUtc: Instant): Promise<Pause | null>;
  /** The service runs: what lay between this and the last call is a standstill of all, where it was more than an hour. */
  beat(nowUtc: Instant): Promise<void>;
}
