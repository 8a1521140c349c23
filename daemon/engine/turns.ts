/**
 * One request that changes a project at a time: Trove counts a project's quota without a lock, and two requests at once
 * leave it wrong for ever, or end in a 500 (Trove: trove/quota/quota.py).
 */
export interface Turns {
  /** False while another has the project's turn, or somebody from outside waits for it. */
  take(projectId: string): boolean;
  give(projectId: string): void;
  /**
   * From now on whoever wants it from outside goes before the engine, whose runs would else take one turn after another
   * for as long as there are any. One of them at a time for a project.
   */
  want(projectId: string): Wanted;
  /** The projects in which the engine can begin nothing. */
  readonly closed: ReadonlySet<string>;
}

export interface Wanted {
  /** False while another has the turn. Once it is true nothing is wanted any more. */
  take(): boolean;
  leave(): void;
}

export function createTurns(): Turns {
  const taken = new Set<string>();
  const wanted = new Set<string>();
  function take(projectId: string): boolean {
    if (taken.has(projectId)) return false;
    taken.add(projectId);
    return true;
  }
  return {
    take: (projectId) => !wanted.has(projectId) && take(projectId),
    give: (projectId) => void taken.delete(projectId),
    want(projectId) {
      wanted.add(projectId);
      const leave = (): void => void wanted.delete(projectId);
      return {
        leave,
        take() {
          const isTaken = take(projectId);
          if (isTaken) leave();
          return isTaken;
        },
      };
    },
    get closed() {
      return new Set([...taken, ...wanted]);
    },
  };
}
