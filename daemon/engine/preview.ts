import {
  because,
  type FateChange,
  type Foreseen,
  fateChanges,
  forecastSteps,
  type Instance,
  type Instant,
  lintPolicy,
  nextSlot,
  type OutlookInput,
  type OwnedBackup,
  outlookSteps,
  type Policy,
  type PruneView,
  previewMs,
  type Reason,
  type SlotAhead,
  slotsAhead,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import type { OutlookPort, ProjectOutlook } from '../ports/outlook.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { CourseForeseen, Foresight, LintRow } from '../ports/schedules.ts';
import { type BackupsDeps, withOwners } from './backups.ts';
import { outlookInput, type Seen } from './outlook-input.ts';
import { onOthers, pruneInputOf } from './prune-input.ts';
import type { Settings } from './settings.ts';

/** Of one instance. */
export interface PolicyTurn {
  readonly instance: Instance;
  /** What it would go by, or why it would get no backups. */
  readonly to: Policy | Reason;
  readonly nextSlotUtc: Instant;
  /** null where it would not be paused. */
  readonly pausedUntilUtc: Instant | null;
}

export interface PreviewDeps extends Pick<BackupsDeps, 'ledger' | 'identity' | 'storeBornUtc' | 'oddRows'> {
  readonly cloud: CloudPort;
  readonly clock: Clock;
  readonly outlook: OutlookPort;
  readonly pruning: PrunePort;
  readonly retention: RetentionPort;
  readonly settings: Settings;
}

export interface Preview {
  /** The next slots of one. @throws CloudUnavailable */
  slots(turn: PolicyTurn, signal: AbortSignal): Promise<readonly SlotAhead[]>;
  /** What turns of instances of one project do; the slots of the one that is named. @throws CloudUnavailable */
  of(projectId: string, turns: readonly PolicyTurn[], slotsOf: string | null, signal: AbortSignal): Promise<Foresight>;
}

const SLOTS = 10;
/** Of more instances it would take longer than anybody waits: the others are as these. */
const MOST = 100;
const isPolicy = (to: Policy | Reason): to is Policy => 'cadence' in to;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** All steps, with what else there is to do between any two of them. */
async function runs<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breathe();
  }
}

interface Scene {
  readonly seen: Seen;
  readonly known: ProjectOutlook;
  readonly nowUtc: Instant;
}

export function createPreview(deps: PreviewDeps): Preview {
  const { cloud, clock, outlook, pruning, retention, settings } = deps;

  async function look(projectId: string, signal: AbortSignal): Promise<Scene> {
    const [quota, listed, known, gone] = await Promise.all([
      cloud.quota(projectId, signal),
      cloud.backups(projectId, null, signal, deps.oddRows.listen().onOdd),
      outlook.known(projectId),
      pruning.going(projectId),
    ]);
    const backups = await withOwners(deps, listed);
    return { seen: { quota, reading: { projectId, backups }, gone }, known, nowUtc: clock.nowUtc() };
  }

  /** What is decided of its backups as things are, and as they would be. */
  async function views({ instance, to, pausedUntilUtc }: PolicyTurn, rows: readonly OwnedBackup[], scene: Scene) {
    const { gone } = scene.seen;
    const elsewhere = onOthers(scene.seen.reading.backups).get(instance.id) ?? [];
    const now = await retention.tended(instance.id, scene.nowUtc);
    const would = await retention.wouldTend(instance.id, scene.nowUtc);
    const input = (policy: Policy | null): PruneView => {
      if (!would) return because('no-policy', {});
      const tended = policy ? { ...would, policy } : would;
      return pruneInputOf(tended, { instance, backups: rows, elsewhere, gone }, settings(), scene.nowUtc);
    };
    const paused =
      pausedUntilUtc === null ? null : because('paused', { owner: '', note: '', untilUtc: pausedUntilUtc });
    const before = now ? input(null) : because('unwanted-no-more', {});
    return { before, after: isPolicy(to) ? (paused ?? input(to)) : to };
  }

  /** The quota held against the project's policies with the turns made. */
  function input(turns: readonly PolicyTurn[], { seen, known, nowUtc }: Scene): OutlookInput {
    const byId = new Map(turns.map((turn) => [turn.instance.id, turn]));
    const kept = known.schedules.filter(({ instance }) => !byId.has(instance.id));
    const turned = turns.flatMap(({ instance, to, nextSlotUtc }) =>
      isPolicy(to)
        ? [{ instance, configured: to, policy: to, adapted: [], refused: null, nextSlotUtc, isFirst: false }]
        : [],
    );
    const by = { ...settings(), onShortage: 'tell' } as const;
    return outlookInput({ ...known, schedules: [...kept, ...turned], isChanged: true }, seen, by, nowUtc);
  }

  async function quotaLint(asked: OutlookInput): Promise<readonly LintRow[]> {
    if (asked.quota.limit < 0) return [];
    const { short } = await runs(outlookSteps(asked));
    return short ? [{ level: 'warning', field: null, because: short }] : [];
  }

  async function course(
    projectId: string,
    turns: readonly PolicyTurn[],
    asked: OutlookInput,
  ): Promise<CourseForeseen | null> {
    const scheduled = new Map(asked.scheduled.map((one) => [one.instance.id, one]));
    const fleet = turns.flatMap(({ instance, to, nextSlotUtc }): readonly (Foreseen & { readonly policy: Policy })[] =>
      isPolicy(to) ? [{ instance, policy: to, nextSlotUtc, points: scheduled.get(instance.id)?.points ?? [] }] : [],
    );
    const [first] = fleet;
    if (!first) return null;
    const { graceMs, reconcileMs: lookMs } = settings();
    const options = { fromUtc: asked.nowUtc, horizonMs: previewMs(fleet.map(({ policy }) => policy)), graceMs, lookMs };
    const found = await runs(forecastSteps(first.policy, fleet, options));
    const project = found.projects.get(projectId);
    if (!project) return null;
    const { startsAMinute, worstAge, longestChain } = found;
    const worstAgeMs = worstAge?.value ?? null;
    return { peak: project.peak, startsAMinute: startsAMinute.value, worstAgeMs, longestChain, days: project.days };
  }

  function slots({ instance, to, nextSlotUtc, pausedUntilUtc }: PolicyTurn, backups: readonly OwnedBackup[]) {
    if (!isPolicy(to)) return [];
    const isPaused = pausedUntilUtc !== null && nextSlotUtc < pausedUntilUtc;
    const firstUtc = isPaused ? nextSlot(to.cadence, instance.id, pausedUntilUtc - 1) : nextSlotUtc;
    return slotsAhead({ instance, policy: to, nextSlotUtc: firstUtc, backups, freezes: settings().freezes }, SLOTS);
  }

  return {
    async slots(turn, signal) {
      const { id, projectId } = turn.instance;
      const listed = await cloud.backups(projectId, id, signal, deps.oddRows.listen().onOdd);
      return slots(turn, await withOwners(deps, listed));
    },
    async of(projectId, all, slotsOf, signal) {
      const scene = await look(projectId, signal);
      const byInstance = Map.groupBy(scene.seen.reading.backups, ({ instanceId }) => instanceId);
      const turns = all.slice(0, MOST);
      const deletions: FateChange[] = [];
      const kept: FateChange[] = [];
      const lint = new Map<string, LintRow>();
      for (const turn of turns) {
        signal.throwIfAborted();
        const rows = byInstance.get(turn.instance.id) ?? [];
        const { before, after } = await views(turn, rows, scene);
        const found = fateChanges(rows, before, after);
        deletions.push(...found.deletions);
        kept.push(...found.kept);
        for (const row of isPolicy(turn.to) ? lintPolicy(turn.to) : []) {
          lint.set(JSON.stringify(row.because), { level: 'hint', ...row });
        }
        await breathe();
      }
      const asked = input(all, scene);
      const shown = all.find(({ instance }) => instance.id === slotsOf) ?? all[0];
      return {
        slots: shown ? slots(shown, byInstance.get(shown.instance.id) ?? []) : [],
        deletions,
        kept,
        forecast: await course(projectId, turns, asked),
        lint: [...(await quotaLint(asked)), ...lint.values()],
      };
    },
  };
}
