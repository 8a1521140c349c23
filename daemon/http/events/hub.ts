import type { Change, EventsPort } from '../../ports/events.ts';

type Hear = (change: Change) => void;

/** Hands on what changed to who listens: to each what is of his project, and of what is of no known one only its kind. */
export function createHub(): EventsPort {
  const byProject = new Map<string | null, Set<Hear>>();

  const tellAll = (listeners: Iterable<Hear>, change: Change): void => {
    for (const hear of listeners) hear(change);
  };

  return {
    tell(change) {
      const { projectId } = change;
      if (projectId !== null) {
        tellAll(byProject.get(projectId) ?? [], change);
        tellAll(byProject.get(null) ?? [], change);
        return;
      }
      // Whose instance it is is not known: its id is nobody's to hear.
      for (const listeners of byProject.values()) tellAll(listeners, { ...change, instanceId: null });
    },
    listen(projectId, hear) {
      const listeners = byProject.get(projectId) ?? new Set();
      byProject.set(projectId, listeners.add(hear));
      return () => {
        listeners.delete(hear);
        if (listeners.size === 0 && byProject.get(projectId) === listeners) byProject.delete(projectId);
      };
    },
  };
}
