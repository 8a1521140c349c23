import type { Log } from '../ports/log.ts';
import type { Settled } from '../ports/overrides.ts';

/** What became of a schedule by what its project said. */
export function tellSettled(log: Log, change: Settled, policy: string): void {
  if (change.kind === 'unchanged') return;
  const { instance, nextSlotUtc, because } = change;
  const nextSlot = nextSlotUtc === null ? undefined : new Date(nextSlotUtc).toISOString();
  const facts = { instance: instance.id, project: instance.projectId, name: instance.name, policy, nextSlot, because };
  log.info(`schedule.${change.kind}`, facts);
}
