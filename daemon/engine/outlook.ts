import {
  type DurationMs,
  type Instant,
  type Outlook,
  type OutlookInput,
  outlookSteps,
  type Quota,
} from '../../lib/core/index.ts';
import { CloudUnavailable } from '../ports/cloud.ts';
import type { OutlookPort } from '../ports/outlook.ts';
import type { PrunePort } from '../ports/prune.ts';
import { type BackupsDeps, readBackups } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { changeBy } from './outlook-change.ts';
import { outlookInput } from './outlook-input.ts';
import { createOutlookNews } from './outlook-news.ts';
import { createPoke } from './poke.ts';
import type { Settings } from './settings.ts';

const DAY_MS = 86_400_000;
/** Whatever makes a look due wakes the loop, but for the passing of time. */
const IDLE_MS = 10 * 60_000;
const DOUBTFUL_MS = 30_000;
/** After a project could not be read. */
const AGAIN_MS = 10 * 60_000;
const AT_ONCE = 20;
/** While a quota is full every slot finds it so: a look ahead at the project is as good for all of an interval, and for an hour. */
const ASKED_MS = 60 * 60_000;
/** So many times as long as it worked. */
const RESTS = 4;

export interface OutlookDeps extends BackupsDeps {
  readonly outlook: OutlookPort;
  readonly pruning: PrunePort;
  readonly guard: Pick<ClockGuard, 'doubt'>;
  readonly settings: Settings;
  /** Told how many projects have too small a quota. */
  readonly onShort: (projects: number) => void;
  /** Told when slots may have changed. */
  readonly onSchedules: () => void;
}

export interface OutlookLoop {
  /** Schedules changed. */
  poke(): void;
  /** A slot was skipped, since the project's quota is full: it is looked at, if not for an hour, or for the interval of the slot. */
  request(projectId: string, intervalMs: DurationMs): Promise<void>;
  /** What a quota was just read as. */
  limitSeen(projectId: string, quota: Quota): Promise<void>;
  loop(signal: AbortSignal): Promise<void>;
}

/**
 * Looks at each project's quota when its schedules or its quota change, when a slot finds no room, and once a day: will it
 * hold what the policies make? Where it will not, policies are adapted or instances refused, as the operator says.
 */
export function createOutlook(deps: OutlookDeps): OutlookLoop {
  const { outlook, pruning, cloud, clock, log, guard, settings } = deps;
  const wake = createPoke(clock);
  const news = createOutlookNews(log);
  /** When slots last had a project looked at, by the monotonic clock. */
  const askedMs = new Map<string, number>();

  /** With a rest after each instance, several times as long as its reckoning: the bus and the slots must not wait for it. */
  async function look(input: OutlookInput, signal: AbortSignal): Promise<Outlook> {
    for (const steps = outlookSteps(input); ; ) {
      const beganMs = clock.monotonicMs();
      const { done, value } = steps.next();
      if (done) return value;
      await clock.sleepUntil(clock.nowUtc() + RESTS * (clock.monotonicMs() - beganMs), signal);
    }
  }

  async function lookAt(projectId: string, madeBy: string, signal: AbortSignal): Promise<void> {
    const nextUtc = clock.nowUtc() + DAY_MS;
    const known = await outlook.begin(projectId, nextUtc);
    const [quota, reading] = await Promise.all([
      cloud.quota(projectId, signal),
      readBackups(deps, projectId, null, signal),
    ]);
    const gone = await pruning.going(projectId);
    const input = outlookInput(known, { quota, reading, gone }, settings(), clock.nowUtc());
    const found = await look(input, signal);
    const changes = known.schedules.flatMap((schedule) => changeBy(found, schedule, clock.nowUtc()) ?? []);
    const told = news.short(projectId, found, known, quota, clock.nowUtc());
    const { measures } = found;
    const changed = await outlook.save({ projectId, measures, madeBy, told, nextUtc, changes });
    news.changes(
      projectId,
      changes.filter(({ instanceId }) => changed.has(instanceId)),
      known,
      found,
    );
    if (changed.size > 0) deps.onSchedules();
  }

  async function lookOrLater(projectId: string, madeBy: string, signal: AbortSignal): Promise<void> {
    await lookAt(projectId, madeBy, signal).catch(async (error: unknown) => {
      if (!(error instanceof CloudUnavailable)) throw error;
      const retryMs = error.retryAfterMs ?? AGAIN_MS;
      log.warn('quota.unreadable', { project: projectId, because: error.reason, retryMs });
      await outlook.begin(projectId, clock.nowUtc() + retryMs);
    });
  }

  /** Returns when to look again. */
  async function round(madeBy: string, signal: AbortSignal): Promise<Instant> {
    if (guard.doubt() !== null) return clock.nowUtc() + DOUBTFUL_MS;
    for (let due = await outlook.due(clock.nowUtc(), AT_ONCE); due.length > 0; ) {
      for (const projectId of due) await lookOrLater(projectId, madeBy, signal);
      deps.onShort(await outlook.countShort());
      due = await outlook.due(clock.nowUtc(), AT_ONCE);
    }
    const nowUtc = clock.nowUtc();
    return Math.min(nowUtc + IDLE_MS, (await outlook.nextDue()) ?? Number.POSITIVE_INFINITY);
  }

  return {
    poke: () => wake.poke(),
    async request(projectId, intervalMs) {
      const nowMs = clock.monotonicMs();
      if (nowMs - (askedMs.get(projectId) ?? Number.NEGATIVE_INFINITY) < Math.min(ASKED_MS, intervalMs)) return;
      askedMs.set(projectId, nowMs);
      await outlook.request(projectId);
      wake.poke();
    },
    async limitSeen(projectId, { limit }) {
      if (await outlook.limitSeen(projectId, limit)) wake.poke();
    },
    async loop(signal) {
      for (let last: string | null = null; ; ) {
        const { onShortage, reserve, graceMs } = settings();
        const madeBy = `${onShortage} reserve=${reserve} grace=${graceMs}`;
        if (madeBy !== last) await outlook.settingsAre(madeBy);
        last = madeBy;
        await wake.wait(await round(madeBy, signal), signal);
      }
    },
  };
}
