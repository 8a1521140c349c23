/** "Look at this instance": all that a bus message is believed to say. */
export interface Note {
  readonly instanceId: string;
  /** As the message says; nothing is done on its word alone. */
  readonly projectId: string;
}

export interface PendingNote extends Note {
  /** Another one with every further note on the instance, so that settling an old one does not lose a new one. */
  readonly revision: number;
}

/** Durable, one row an instance however many messages name it. */
export interface NotesPort {
  /**
   * Durable when it resolves: only then may the messages be acknowledged. `overflow`: there were too many, and none is
   * kept; the caller has the whole region looked at in their place, as each start of the daemon does by itself.
   */
  note(notes: readonly Note[]): Promise<'noted' | 'overflow'>;
  /** In the order of their ids, after a note: so one that cannot be looked at does not stand before all others. */
  pendingNotes(limit: number, after?: Note | null): Promise<readonly PendingNote[]>;
  /** Forgets the notes, but those that came again meanwhile. */
  settleNotes(notes: readonly PendingNote[]): Promise<void>;
}
