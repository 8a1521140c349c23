import { expect, test } from 'vitest';
import {
  because,
  type LastRun,
  type Protectable,
  type ProtectionState,
  protection,
  type Reason,
} from '../../lib/core/index.ts';
import { at, HOUR } from './builders.ts';

const NOW = at('2026-11-22 12:00');
const SLOT = NOW - HOUR / 2;
const quota = because('quota', { inUse: 49, limit: 50, reserve: 1, ask: 51 });
const noRole = because('no-role', { project: 'project-a' });
const failed = because('backup-failed', { status: 'FAILED' });

const credited = because('credited', { backup: 'users', finishedUtc: SLOT - HOUR / 4 });

const scheduled = (over: Partial<Extract<Protectable, { kind: 'scheduled' }>>): Protectable => ({
  kind: 'scheduled',
  intervalMs: HOUR,
  firstSlotUtc: NOW - 9 * HOUR,
  newestPointUtc: null,
  lastRun: null,
  ...over,
});
const last = (state: LastRun['state'], reason: Reason | null = null): LastRun => ({
  slotUtc: SLOT,
  state,
  because: reason,
});
const LATE = NOW - 1.5 * HOUR - 1;

test.each<{ says: string; it: Protectable; state: ProtectionState; reason: Reason }>([
  {
    says: 'a point of now protects',
    it: scheduled({ newestPointUtc: NOW }),
    state: 'protected',
    reason: because('recent-point', { pointUtc: NOW }),
  },
  {
    says: 'and one of one and a half intervals ago, whatever became of the last run',
    it: scheduled({ newestPointUtc: LATE + 1, lastRun: last('failed', failed) }),
    state: 'protected',
    reason: because('recent-point', { pointUtc: LATE + 1 }),
  },
  {
    says: 'an older one is late, because the last run failed',
    it: scheduled({ newestPointUtc: LATE, lastRun: last('failed', failed) }),
    state: 'late',
    reason: failed,
  },
  {
    says: 'late because slots passed while nobody was there',
    it: scheduled({ newestPointUtc: LATE, lastRun: { ...last('completed'), slotUtc: LATE - 1000 } }),
    state: 'late',
    reason: because('missed', {}),
  },
  {
    says: 'late because somebody deleted the newest point',
    it: scheduled({ newestPointUtc: LATE, lastRun: last('completed', because('backup-completed', {})) }),
    state: 'late',
    reason: because('point-vanished', { slotUtc: SLOT }),
  },
  {
    says: "late since a user's backup, that the last slot was credited to, grew old with no slot after it",
    it: scheduled({ newestPointUtc: SLOT - HOUR + 1, intervalMs: HOUR / 2, lastRun: last('credited', credited) }),
    state: 'late',
    reason: because('credit-vanished', { backup: 'users', slotUtc: SLOT }),
  },
  {
    says: 'late since the user deleted the backup that the last slot was credited to',
    it: scheduled({ newestPointUtc: LATE, lastRun: last('credited', credited) }),
    state: 'late',
    reason: because('credit-vanished', { backup: 'users', slotUtc: SLOT }),
  },
  {
    says: 'late because its window ended before it could start: by what held it',
    it: scheduled({ newestPointUtc: LATE, lastRun: last('expired', because('window-ended', { held: noRole })) }),
    state: 'late',
    reason: noRole,
  },
  {
    says: 'all points deleted leave it unprotected',
    it: scheduled({ lastRun: last('completed', because('backup-completed', {})) }),
    state: 'unprotected',
    reason: because('point-vanished', { slotUtc: SLOT }),
  },
  {
    says: 'a new one is unprotected until its first slot',
    it: scheduled({ firstSlotUtc: NOW + HOUR }),
    state: 'unprotected',
    reason: because('first-not-due', { slotUtc: NOW + HOUR }),
  },
  {
    says: 'while the first backup is made that is said',
    it: scheduled({ lastRun: last('running', because('accepted', {})) }),
    state: 'unprotected',
    reason: because('under-way', { slotUtc: SLOT }),
  },
  {
    says: 'a slot that was just claimed too',
    it: scheduled({ lastRun: last('claimed') }),
    state: 'unprotected',
    reason: because('under-way', { slotUtc: SLOT }),
  },
  {
    says: 'one that is held says by what',
    it: scheduled({ lastRun: last('claimed', noRole) }),
    state: 'unprotected',
    reason: noRole,
  },
  {
    says: 'one that expired says what had held it',
    it: scheduled({ lastRun: last('expired', because('expired', { held: noRole })) }),
    state: 'unprotected',
    reason: noRole,
  },
  {
    says: 'one that was skipped says why',
    it: scheduled({ lastRun: last('skipped', quota) }),
    state: 'unprotected',
    reason: quota,
  },
  { says: 'an excluded one says why', it: { kind: 'excluded', because: noRole }, state: 'excluded', reason: noRole },
  { says: 'and so does a paused one', it: { kind: 'paused', because: quota }, state: 'paused', reason: quota },
])('$says', ({ it, state, reason }) => {
  expect(protection(it, NOW)).toEqual({ state, because: reason });
});
