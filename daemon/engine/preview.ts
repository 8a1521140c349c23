import {
  type Backup,
  lintPolicy,
  nextSlot,
  type OwnedBackup,
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
import { courseSteps, lookedOf, type Sample, sampleWithin, turnedSample } from './preview-course.ts';
import { fatesOf } from './preview-fates.ts';
import { othersWithin, type QuotaAhead, quotaAhead, withinQuota } from './preview-quota.ts';
import { isPolicy, type PolicyTurn, type Scene } from './preview-scene.ts';
import { shortageOf } from './preview-shortage.ts';
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
    const seen = { quota, reading: { projectId, backups }, gone, elsewhere: onOthers(backups) };
    return { seen, known, nowUtc: clock.nowUtc() };
  }

  const run = <T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> =>
    runSteps(steps, clock.monotonicMs, signal);

  /** What is made of turns where the quota does not hold them, beside what they would make. */
  async function courses(turns: readonly PolicyTurn[], ahead: QuotaAhead, signal: AbortSignal) {
    const { input, changes } = ahead;
    const sample = turnedSample(turns, input);
    const course = (of: Sample) => run(courseSteps(input, of), signal);
    const wanted = await course(sample);
    const within = sampleWithin(sample, changes);
    const isLess = within.some((one, index) => one !== sample[index]);
    const forecast = isLess ? await course(within) : wanted;
    const shortage = shortageOf(turns, ahead, isLess ? wanted : null);
    return { instances: lookedOf(sample), forecast, shortage };
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
      const ahead = await run(quotaAhead(turns, scene, by), signal);
      const made = withinQuota(turns, ahead);
      const touched = [...made, ...othersWithin(turns, projectId, ahead, scene)];
      const fates = await fatesOf(retention, touched, rowsOf, scene, by, signal);
      const { short } = ahead.found;
      const quotaLint: readonly LintRow[] = short ? [{ level: 'warning', field: null, because: short }] : [];
      const shown = made.find(({ instance }) => instance.id === slotsOf) ?? made[0];
      const isRefused = shown !== undefined && ahead.changes.get(shown.instance.id)?.refused;
      return {
        ...(await courses(turns, ahead, signal)),
        slots: shown && !isRefused ? slots(shown, rowsOf(shown.instance)) : [],
        ...fates,
        lint: [...quotaLint, ...lintOf(turns)],
      };
    },
  };
}
