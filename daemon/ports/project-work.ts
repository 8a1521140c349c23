export interface Doomed {
  readonly projectId: string;
  readonly backupIds: readonly string[];
}

/** What is done in a project from outside the engine, as a user's deletion through this service is. */
export interface ProjectWork {
  /**
   * While nothing of ours is asked of the project's Trove: Trove counts quotas without a lock, and no backup is begun on what
   * is to go. Rejects with the signal's reason where that does not come in time.
   */
  inTurn<T>(projectId: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * Has a backup deleted, and what stands on it: from before `send` on, over a kill as well, asked for once is enough, and
   * none of them is a recovery point or a parent, until a day has passed or `send` rejects with what surely had no effect.
   */
  deleting(doomed: Doomed, send: () => Promise<void>): Promise<void>;
}
