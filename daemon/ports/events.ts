/** What may have changed. */
export const CHANGE_KINDS = ['instance', 'schedule', 'run', 'backup', 'policy'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** That something has changed, so that who shows it looks again. It says nothing of what it is now. */
export interface Change {
  readonly kind: ChangeKind;
  /** null: of some project or other, of which nothing may be told. */
  readonly projectId: string | null;
  /** null: of one or of many. */
  readonly instanceId: string | null;
}

/** Nothing is kept of it: who does not listen hears nothing, and looks when he comes. */
export interface EventsPort {
  tell(change: Change): void;
  /** Of one project; null: of all. Called at once, so it must be quick. Gives what ends it. */
  listen(projectId: string | null, hear: (change: Change) => void): () => void;
}
