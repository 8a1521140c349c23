import {
  because,
  foresee,
  type Instant,
  InvalidInput,
  isManaged,
  nextSlot,
  type OwnedBackup,
  type Reason,
  whenGone,
  whyThen,
} from '../../lib/core/index.ts';
import type { Explain, Explainable, ExplainPort, SlotExplained } from '../ports/explain.ts';
import type { StandstillPort } from '../ports/standstills.ts';
import { type BackupsDeps, withOwners } from './backups.ts';
import { createRetention, type RetentionDeps } from './retention.ts';
import { untended } from './untended.ts';

export interface ExplainDeps extends RetentionDeps, Omit<BackupsDeps, 'onBackups' | 'log' | 'clock'> {
  readonly explaining: ExplainPort;
  readonly standstills: StandstillPort;
}

/** Slots that are looked ahead for one to come. */
const LOOKED_AHEAD = 1_000;

type Schedule = NonNullable<Explainable['schedule']>;

export function createExplain(deps: ExplainDeps): Explain {
  const { cloud, explaining, standstills, clock } = deps;
  const retention = createRetention(deps);

  async function list(projectId: string, instanceId: string | null, signal: AbortSignal) {
    return withOwners(deps, await cloud.backups(projectId, instanceId, signal, deps.oddRows.listen().onOdd));
  }

  async function whyThere(backup: OwnedBackup): Promise<readonly Reason[]> {
    if (!isManaged(backup)) return [because('made-by-user', {})];
    const run = await explaining.runOf(backup.id);
    const slot = because('made-for-slot', { slotUtc: backup.ownership.slotUtc });
    return run?.kindBecause ? [slot, run.kindBecause] : [slot];
  }

  const whyUntended = (instanceId: string, known: Explainable | null): Promise<Reason> =>
    untended(standstills, instanceId, known, clock.nowUtc());

  async function fateOf(backup: OwnedBackup, instanceId: string, all: readonly OwnedBackup[]) {
    const { projectId, id } = backup;
    const known = await explaining.explainable(instanceId);
    const rows = all.filter((row) => row.instanceId === instanceId);
    const elsewhere = all.filter((row) => row.instanceId !== instanceId);
    const decision = await retention.decide({ instanceId, projectId }, rows, elsewhere);
    if (!decision || !known?.schedule) {
      return { fate: null, going: { kind: 'blocked', because: await whyUntended(instanceId, known) } } as const;
    }
    const { policy, nextSlotUtc } = known.schedule;
    const going = whenGone(id, { prune: decision.input, instance: known.instance, policy, nextSlotUtc });
    return { fate: decision.fates.get(id) ?? null, going };
  }

  /** The kind that a slot to come will have. */
  async function predicted({ instance }: Explainable, schedule: Schedule, slotUtc: Instant, signal: AbortSignal) {
    const backups = await list(instance.projectId, instance.id, signal);
    let looked = 0;
    for (const foreseen of foresee(instance, schedule.policy, schedule.nextSlotUtc, backups)) {
      if (foreseen.slotUtc === slotUtc) return foreseen.choice.because;
      looked += 1;
      if (foreseen.slotUtc > slotUtc || looked === LOOKED_AHEAD) return null;
    }
    return null;
  }

  async function toCome(known: Explainable, slotUtc: Instant, signal: AbortSignal): Promise<SlotExplained> {
    const { instance, schedule } = known;
    const isNext = schedule?.nextSlotUtc === slotUtc;
    const isSlot = schedule && (isNext || nextSlot(schedule.policy.cadence, instance.id, slotUtc - 1) === slotUtc);
    if (!schedule?.active || !isSlot || slotUtc < schedule.nextSlotUtc) {
      const reason = schedule?.active ? because('slot-unknown', {}) : await whyUntended(instance.id, known);
      return { slotUtc, state: 'none', time: [], kind: null, because: reason };
    }
    const pause = await standstills.paused(instance.id, slotUtc);
    return {
      slotUtc,
      state: 'to-come',
      time: timeOf(instance.id, schedule, slotUtc),
      kind: await predicted(known, schedule, slotUtc, signal),
      because: pause && because('paused', { ...pause }),
    };
  }

  const timeOf = (instanceId: string, schedule: Schedule, slotUtc: Instant): readonly Reason[] =>
    whyThen({
      instanceId,
      policy: schedule.policy,
      slotUtc,
      isFirst: schedule.firstSlotUtc === slotUtc,
      firstBecause: schedule.because[1] ?? null,
    });

  return {
    async backup({ projectId, backupId }, signal) {
      const all = await list(projectId, null, signal);
      const backup = all.find(({ id }) => id === backupId);
      if (!backup) return null;
      const { instanceId } = backup;
      const there = await whyThere(backup);
      const [first] = there;
      if (!isManaged(backup) || instanceId === null) {
        const never = first ?? because('made-by-user', {});
        return { backupId, instanceId, there, fate: null, going: { kind: 'never', because: never } };
      }
      return { backupId, instanceId, there, ...(await fateOf(backup, instanceId, all)) };
    },
    async slot(instanceId, slotUtc, signal) {
      const known = await explaining.explainable(instanceId);
      if (!known) throw new InvalidInput(`instance ${instanceId} was never seen; take an id of a Trove instance`);
      const run = await explaining.runAt(instanceId, slotUtc);
      if (!run) return toCome(known, slotUtc, signal);
      const time = known.schedule ? timeOf(instanceId, known.schedule, slotUtc) : [];
      return { slotUtc, state: run.state, time, kind: run.kindBecause, because: run.because };
    },
  };
}
