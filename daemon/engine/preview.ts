import {
  type Backup,
  lintPolicy,
  nextSlot,
  type OutlookInput,
  type OwnedBackup,
  outlookSteps,
  type SlotAhead,
  slotsAhead,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import type { OutlookPort } from '../ports/outlook.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { RetentionPort } from '../ports/retention.ts';
import type { Foresight, LintRow } from '../ports/schedules.ts';
import { type BackupsDeps, withOwners } from './backups.ts';
import { breathe, runSteps } from './breathe.ts';
import { outlookInput } from './outlook-input.ts';
import { courseSteps, lookedOf, projectSample, turnedSample } from './preview-course.ts';
import { fatesOf } from './preview-fates.ts';
import { isPolicy, type PolicyTurn, type Scene } from './preview-scene.ts';
import { onOthers } from './prune-input.ts';
import type { Settings } from './settings.ts';

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
/** Instances whose backups are judged without a rest. */
const AT_ONCE = 100;

/** What is to be seen to in the policies that turns lead to, each once. */
function lintOf(turns: readonly PolicyTurn[]): readonly LintRow[] {
  const policies = new Map(turns.flatMap(({ to }) => (isPolicy(to) ? [[JSON.stringify(to), to] as const] : [])));
  const rows = [...policies.values()].flatMap((policy) => lintPolicy(policy));
  const found = new Map(rows.map((row) => [JSON.stringify(row.because), row]));
  return [...found.values()].map((row) => ({ level: 'hint', ...row }));
}

export function createPreview(deps: PreviewDeps): Preview {
  const { cloud, clock, outlook, pruning, retention, settings } = deps;

  /** Some instances at a time: a mark is of its instance, so that no copy of it lies with another. */
  async function owned(listed: readonly Backup[]): Promise<readonly OwnedBackup[]> {
    const groups = [...Map.groupBy(listed, ({ instanceId }) => instanceId).values()];
    const found: OwnedBackup[] = [];
    for (let from = 0; from < groups.length; from += AT_ONCE) {
      found.push(...(await withOwners(deps, groups.slice(from, from + AT_ONCE).flat())));
      await breathe();
    }
    return found;
  }

  async function look(projectId: string, signal: AbortSignal): Promise<Scene> {
    const [quota, listed, known, gone] = await Promise.all([
      cloud.quota(projectId, signal),
      cloud.backups(projectId, null, signal, deps.oddRows.listen().onOdd),
      outlook.known(projectId),
      pruning.going(projectId),
    ]);
    const backups = await owned(listed);
    const seen = { quota, reading: { projectId, backups }, gone };
    return { seen, elsewhere: onOthers(backups), known, nowUtc: clock.nowUtc() };
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

  async function quotaLint(asked: OutlookInput, signal: AbortSignal): Promise<readonly LintRow[]> {
    if (asked.quota.limit < 0) return [];
    const steps = outlookSteps({ ...asked, scheduled: projectSample(asked) });
    const { short } = await runSteps(steps, clock.monotonicMs, signal);
    return short ? [{ level: 'warning', field: null, because: short }] : [];
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
    async of(projectId, turns, slotsOf, signal) {
      const scene = await look(projectId, signal);
      const byInstance = Map.groupBy(scene.seen.reading.backups, ({ instanceId }) => instanceId);
      const rowsOf = ({ id }: { readonly id: string }) => byInstance.get(id) ?? [];
      const by = settings();
      const fates = await fatesOf(retention, turns, rowsOf, scene, by, signal);
      const asked = input(turns, scene);
      const shown = turns.find(({ instance }) => instance.id === slotsOf) ?? turns[0];
      const sample = turnedSample(turns, asked);
      const steps = courseSteps(projectId, sample, asked.nowUtc, by);
      return {
        instances: lookedOf(sample),
        slots: shown ? slots(shown, rowsOf(shown.instance)) : [],
        ...fates,
        forecast: await runSteps(steps, clock.monotonicMs, signal),
        lint: [...(await quotaLint(asked, signal)), ...lintOf(turns)],
      };
    },
  };
}
