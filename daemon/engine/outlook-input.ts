import {
  type Instant,
  leavingSoon,
  type OutlookInput,
  type OwnedBackup,
  type Quota,
  type Scheduled,
  type StandingInput,
  standingPoints,
} from '../../lib/core/index.ts';
import type { ProjectOutlook } from '../ports/outlook.ts';
import type { Reading } from './backups.ts';
import { onOthers } from './prune-input.ts';
import type { EngineSettings } from './settings.ts';

/** What the region said of a project. */
export interface Seen {
  readonly quota: Quota;
  readonly reading: Pick<Reading, 'projectId' | 'backups'>;
  /** Ids of backups under a delete intent. */
  readonly gone: ReadonlySet<string>;
  /** Of each instance what of others stands on its backups, where that is known already. */
  readonly elsewhere?: ReturnType<typeof onOthers>;
}

type By = Pick<EngineSettings, 'reserve' | 'onShortage' | 'graceMs' | 'reconcileMs'>;

type Facts = Pick<StandingInput, 'backups' | 'marks' | 'holds'>;

/** Of each instance what its points are found by: its own backups and what of others stands on them, with marks and holds. */
function factsByInstance(
  backups: readonly OwnedBackup[],
  { marks, holds }: Pick<ProjectOutlook, 'marks' | 'holds'>,
  elsewhere: ReturnType<typeof onOthers>,
): (instanceId: string) => Facts {
  const instanceOf = new Map(backups.map(({ id, instanceId }) => [id, instanceId]));
  const byInstance = <T extends { readonly backupId: string }>(rows: readonly T[]) =>
    Map.groupBy(rows, ({ backupId }) => instanceOf.get(backupId) ?? null);
  const own = Map.groupBy(backups, ({ instanceId }) => instanceId);
  const [marked, held] = [byInstance(marks), byInstance(holds)];
  return (id) => ({
    backups: [...(own.get(id) ?? []), ...(elsewhere.get(id) ?? [])],
    marks: marked.get(id) ?? [],
    holds: held.get(id) ?? [],
  });
}

/** What a project's quota is held against. */
export function outlookInput(
  known: ProjectOutlook,
  { quota, reading, gone, elsewhere = onOthers(reading.backups) }: Seen,
  by: By,
  nowUtc: Instant,
): OutlookInput {
  const { projectId, backups } = reading;
  const { reserve, onShortage, graceMs, reconcileMs: lookMs } = by;
  const factsOf = factsByInstance(backups, known, elsewhere);
  const scheduled = known.schedules.map((schedule): Scheduled => {
    const instance = { ...schedule.instance, projectId };
    const points = standingPoints({ instance, ...factsOf(instance.id), gone, nowUtc });
    return { instance, policy: schedule.configured, nextSlotUtc: schedule.nextSlotUtc, points };
  });
  const ours = scheduled.reduce((sum, { points }) => sum + points.length, 0) + leavingSoon(backups, gone).size;
  // What Trove counts may be more than what it lists, and less for a moment.
  const others = Math.max(0, Math.max(backups.length, quota.inUse + quota.reserved) - ours);
  const before = known.isChanged ? null : known.measures;
  return { quota, reserve, onShortage, scheduled, others, graceMs, lookMs, nowUtc, before };
}
