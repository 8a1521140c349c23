import type { KnownInstance } from '../ports/inventory.ts';
import type { Log } from '../ports/log.ts';
import type { ProjectNames } from './enrol.ts';
import type { Settings } from './settings.ts';

/** An operator's word that what is missing is really gone: `reconcile.confirm_gone`. */
export interface Confirmations {
  /** To be called at each look: an entry that is taken out and put in again is a new word. */
  refresh(): void;
  /** Which of the missing are confirmed. An entry that names none of them is spent, so that it confirms nothing later. */
  of(missing: readonly KnownInstance[], names: ProjectNames): (one: KnownInstance) => boolean;
}

export function createConfirmations({ log, settings }: { log: Log; settings: Settings }): Confirmations {
  const spent = new Set<string>();
  const names = (entry: string, { instanceId, projectId }: KnownInstance, projects: ProjectNames): boolean =>
    entry === instanceId || entry === projectId || (projects.get(projectId) ?? []).includes(entry);

  return {
    refresh() {
      const { confirmGone } = settings();
      for (const entry of spent) if (!confirmGone.includes(entry)) spent.delete(entry);
    },
    of(missing, projects) {
      const entries = settings().confirmGone.filter((entry) => !spent.has(entry));
      for (const entry of entries) {
        if (missing.some((one) => names(entry, one, projects))) continue;
        spent.add(entry);
        const hint = 'nothing that it names is missing; it counts no more: take it out of reconcile.confirm_gone';
        log.warn('reconcile.confirm_spent', { entry, hint });
      }
      return (one) => entries.some((entry) => !spent.has(entry) && names(entry, one, projects));
    },
  };
}
