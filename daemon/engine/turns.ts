/**
 * One request that changes a project at a time: Trove counts a project's quota without a lock, and two requests at once
 * leave it wrong for ever, or end in a 500 (Trove: trove/quota/quota.py).
 */
export interface Turns {
  /** False while another has the project's turn. */
  take(projectId: string): boolean;
  give(projectId: string): void;
  /** The projects whose turn somebody has. */
  readonly taken: ReadonlySet<string>;
}

export function createTurns(): Turns {
  const taken = new Set<string>();
  return {
    take(projectId) {
      if (taken.has(projectId)) return false;
      taken.add(projectId);
      return true;
    },
    give: (projectId) => void taken.delete(projectId),
    taken,
  };
}
