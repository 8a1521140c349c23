import type { ChangeKind, EventsPort } from '../ports/events.ts';
import type { Log } from '../ports/log.ts';

/** By what the name of an event begins with; of others a page knows nothing to look at. */
export const CHANGED_BY: Readonly<Record<string, ChangeKind>> = {
  'config.reloaded': 'policy',
  'credit.': 'backup',
  'demand.': 'run',
  'hold.': 'backup',
  'backup.': 'backup',
  'instance.': 'instance',
  'overrides.': 'schedule',
  'owner.conflict': 'instance',
  'point.': 'backup',
  'policy.': 'schedule',
  'project_policy.': 'policy',
  'prune.': 'backup',
  'quota.': 'instance',
  'run.': 'run',
  'schedule.': 'schedule',
  'watch.many': 'instance',
};

const ROWS = Object.entries(CHANGED_BY);

export const kindOf = (event: string): ChangeKind | null =>
  ROWS.find(([begin]) => event.startsWith(begin))?.[1] ?? null;

const idOf = (fact: unknown): string | null => (typeof fact === 'string' ? fact : null);

/** A log whose events those hear as well who look at what they are about. */
export function telling(log: Log, events: Pick<EventsPort, 'tell'>): Log {
  function tell(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const kind = kindOf(event);
    if (kind !== null) events.tell({ kind, projectId: idOf(facts['project']), instanceId: idOf(facts['instance']) });
  }
  const also =
    (level: keyof Log): Log[keyof Log] =>
    (event, facts) => {
      log[level](event, facts);
      tell(event, facts);
    };
  return { info: also('info'), warn: also('warn'), error: also('error') };
}
