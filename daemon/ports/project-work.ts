/** What is done in a project from outside the engine, as a user's deletion through this service is. */
export interface ProjectWork {
  /**
   * While nothing of ours is asked of the project's Trove: Trove counts quotas without a lock, and no backup is begun on what
   * is to go. Rejects with the signal's reason where that does not come in time.
   */
  inTurn<T>(projectId: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** These are going, or may be: asked for once is enough, and none of them counts as a recovery point any more. */
  going(backupIds: readonly string[]): Promise<void>;
}
