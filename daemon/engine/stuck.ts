import {
  because,
  type DurationMs,
  isRunning,
  isToldAgain,
  type OwnedBackup,
  stuckAfterMs,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StuckBackup, StuckPort } from '../ports/stuck.ts';
import type { Reading } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { Settings } from './settings.ts';

export interface StuckDeps {
  readonly stuck: StuckPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly guard: Pick<ClockGuard, 'doubt'>;
  readonly settings: Settings;
}

type SeeStuck = (reading: Omit<Reading, 'askedUtc'>) => Promise<void>;

const factsOf = ({ instanceId, projectId, backupId }: StuckBackup) => ({
  instance: instanceId,
  project: projectId,
  backup: backupId,
});

/** Finds in every list that is read which backups run for far too long, whoever made them, and says what is to be done. */
export function createStuck({ stuck, clock, log, guard, settings }: StuckDeps): SeeStuck {
  /** For how long the backup should have run at most; null where it may run on, or nobody is left to see to it. */
  async function limitOf({ createdUtc }: OwnedBackup, instanceId: string): Promise<DurationMs | null> {
    const ageMs = clock.nowUtc() - createdUtc;
    if (ageMs <= settings().stuckAfterMs) return null;
    const { tookMs, isGone } = await stuck.usual(instanceId);
    const limitMs = stuckAfterMs(settings().stuckAfterMs, tookMs);
    return isGone || ageMs <= limitMs ? null : limitMs;
  }

  async function judge(backup: OwnedBackup, before: StuckBackup | undefined): Promise<StuckBackup | null> {
    const { id: backupId, instanceId, projectId, status, createdUtc: sinceUtc } = backup;
    if (instanceId === null || !isRunning(backup)) return null;
    const limitMs = await limitOf(backup, instanceId);
    if (limitMs === null) return null;
    const reason = because('backup-stuck', { backup: backupId, instance: instanceId, status, sinceUtc, limitMs });
    const now = { backupId, instanceId, projectId, because: reason, toldUtc: clock.nowUtc(), times: 1 };
    if (!before) return now;
    return isToldAgain(before, now.toldUtc) ? { ...now, times: before.times + 1 } : before;
  }

  return async ({ projectId, instanceId, backups, odd }) => {
    // By a clock that is wrong everything may look old.
    if (guard.doubt() !== null) return;
    const known = new Map((await stuck.stuckOf(projectId, instanceId)).map((it) => [it.backupId, it]));
    const judged = await Promise.all(backups.map((backup) => judge(backup, known.get(backup.id))));
    const found = judged.filter((it) => it !== null);
    const told = found.filter((it) => it !== known.get(it.backupId));
    const still = new Set(found.map(({ backupId }) => backupId));
    // What cannot be read may be one of them.
    const over = odd.length > 0 ? [] : [...known.values()].filter(({ backupId }) => !still.has(backupId));
    if (told.length === 0 && over.length === 0) return;
    const noted = await stuck.noteStuck({ told, over });
    const statusOf = (id: string): string | null => backups.find((backup) => backup.id === id)?.status ?? null;
    for (const it of noted.told) log.error('backup.stuck', { ...factsOf(it), times: it.times, because: it.because });
    for (const it of noted.over) log.info('backup.unstuck', { ...factsOf(it), status: statusOf(it.backupId) });
  };
}
