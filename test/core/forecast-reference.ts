import {
  backingOff,
  chooseKind,
  fates,
  followingSlot,
  type Instance,
  type ManagedBackup,
  type Mark,
  nextSlot,
  type Policy,
  pruneStep,
  type RecentRuns,
} from '../../lib/core/index.ts';
import { managed } from './builders.ts';

export interface Steps {
  readonly fromUtc: number;
  readonly endUtc: number;
  readonly graceMs: number;
  readonly lookMs: number;
  readonly durationMs: number;
  fails(slotUtc: number): boolean;
}

/** A backup was asked for or is gone, with the length of its chain; or it became a point, of that slot. */
export interface Happened {
  readonly atUtc: number;
  readonly kind: 'made' | 'completed' | 'gone';
  readonly what: number;
}

/** An instance's time by the functions that decide, at every look, whether anything can have changed or not. */
export function lifeByDecisions(policy: Policy, instance: Instance, steps: Steps): readonly Happened[] {
  const { fromUtc, endUtc, graceMs, lookMs, durationMs, fails } = steps;
  const happened: Happened[] = [];
  let backups: ManagedBackup[] = [];
  let marks: readonly Mark[] = [];
  let recent: RecentRuns = { failuresInARow: 0, lastFailedUtc: null };
  let lookUtc = Math.ceil(fromUtc / lookMs) * lookMs;
  const lengthOf = (backup: ManagedBackup): number => {
    const parent = backups.find(({ id }) => id === backup.parentId);
    return parent ? lengthOf(parent) + 1 : 0;
  };

  function look(nowUtc: number): void {
    for (;;) {
      const { retention = null } = policy;
      const none = new Set<string>();
      const goneUtc = null;
      const scene = {
        instance,
        goneUtc,
        retention,
        policy,
        elsewhere: [],
        holds: [],
        demandedKeeps: {},
        gone: none,
      };
      const found = fates({ ...scene, backups, nowUtc });
      const { mark, lift, ripe } = pruneStep({ backups, fates: found, marks, gone: none, graceMs, nowUtc });
      const lifted = new Set(lift.map(({ backupId }) => backupId));
      const fresh = mark.map(({ backup }) => ({ backupId: backup.id, markedUtc: nowUtc }));
      marks = [...marks.filter(({ backupId }) => !lifted.has(backupId)), ...fresh];
      const [first] = ripe;
      if (!first) return;
      happened.push({ atUtc: nowUtc, kind: 'gone', what: lengthOf(first.backup) });
      backups = backups.filter(({ id }) => id !== first.backup.id);
    }
  }
  function looksUntil(untilUtc: number): void {
    for (; lookUtc < untilUtc; lookUtc += lookMs) look(lookUtc);
  }
  function make(slotUtc: number, startUtc: number): number {
    if (backingOff(policy, slotUtc, recent)) return startUtc;
    const choice = chooseKind(instance, policy, slotUtc, backups, recent);
    const parentId = choice.kind === 'full' ? null : choice.parent.id;
    const made = managed(`b${slotUtc}`, slotUtc, {
      instanceId: instance.id,
      datastore: instance.datastore,
      parentId,
      status: 'BUILDING',
    });
    happened.push({ atUtc: startUtc, kind: 'made', what: lengthOf(made) });
    backups = [...backups, made];
    const doneUtc = startUtc + durationMs;
    looksUntil(Math.min(doneUtc, endUtc));
    if (doneUtc >= endUtc) return doneUtc;
    const status = fails(slotUtc) ? 'FAILED' : 'COMPLETED';
    backups = backups.map((backup) => (backup.id === made.id ? { ...backup, status } : backup));
    if (status === 'COMPLETED') happened.push({ atUtc: doneUtc, kind: 'completed', what: slotUtc });
    const failuresInARow = status === 'FAILED' ? recent.failuresInARow + 1 : 0;
    recent = { failuresInARow, lastFailedUtc: status === 'FAILED' ? slotUtc : null };
    return doneUtc;
  }

  let busyUntilUtc = fromUtc;
  for (let slotUtc = nextSlot(policy.cadence, instance.id, fromUtc - 1); slotUtc < endUtc; ) {
    const following = followingSlot(policy.cadence, instance.id, slotUtc);
    const startUtc = Math.max(slotUtc, busyUntilUtc);
    if (startUtc < Math.min(following, endUtc)) {
      looksUntil(startUtc);
      busyUntilUtc = make(slotUtc, startUtc);
    }
    slotUtc = following;
  }
  looksUntil(endUtc);
  return happened;
}
