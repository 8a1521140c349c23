import { because, type Instant, type Outlook, type Policy, type Quota } from '../../lib/core/index.ts';
import type { Log } from '../ports/log.ts';
import type { ProjectOutlook, ScheduleChange } from '../ports/outlook.ts';

const DAY_MS = 86_400_000;

const fields = ({ cadence, maxIncrementals, retention }: Policy) => ({
  cadence,
  maxIncrementals,
  keep: retention?.keep,
});

/** What an outlook has to say: once a day, and when it changes. */
export function createOutlookNews(log: Log) {
  return {
    /** Gives what is told of the project from now on. */
    short(
      project: string,
      found: Outlook,
      { told }: ProjectOutlook,
      quota: Quota,
      nowUtc: Instant,
    ): ProjectOutlook['told'] {
      const { short, peak, fits, measures } = found;
      if (short === null) {
        if (told) log.info('quota.enough', { project, because: because('quota-enough', { limit: quota.limit }) });
        return null;
      }
      const isNews = JSON.stringify(told?.because) !== JSON.stringify(short);
      if (told && !isNews && nowUtc - told.atUtc < DAY_MS) return told;
      const peakUtc = new Date(peak.atUtc).toISOString();
      const { onShortage } = measures;
      log.warn('quota.short', { project, ask: short.params.ask, peak: peakUtc, onShortage, fits, because: short });
      return { because: short, atUtc: nowUtc };
    },

    changes(
      project: string,
      changes: readonly ScheduleChange[],
      { schedules }: ProjectOutlook,
      { short }: Outlook,
    ): void {
      const known = new Map(schedules.map((schedule) => [schedule.instance.id, schedule]));
      for (const { instanceId: instance, policy, adapted, refused } of changes) {
        const before = known.get(instance);
        if (!before) continue;
        const facts = { instance, project, policy: policy.name };
        const [was, is] = [fields(before.policy), fields(policy)];
        if (JSON.stringify(was) !== JSON.stringify(is)) {
          if (adapted.length > 0)
            log.warn('policy.adapted', { ...facts, before: was, after: is, because: adapted, short });
          else log.info('policy.restored', { ...facts, before: was, after: is });
        }
        if (refused && !before.refused) log.warn('policy.refused', { ...facts, because: refused });
        if (!refused && before.refused) log.info('policy.accepted', facts);
      }
    },
  };
}
