import {
  type Backup,
  deletionBlocked,
  type FatesInput,
  fates,
  type OwnedBackup,
  type Pruned,
  pruneStep,
} from '../../lib/core/index.ts';
import { SENT_FOR_MS, type Service } from './service.ts';
import type { Schedule } from './store.ts';
import { NoAnswer } from './wire.ts';

/** What is to become of an instance's backups; null where nothing of it is pruned. */
function decide(service: Service, schedule: Schedule, backups: readonly OwnedBackup[], elsewhere: readonly Backup[]) {
  if (schedule.isExcluded) return null;
  const { store, nowUtc, settings } = service;
  const { instanceId, projectId, policy, goneUtc } = schedule;
  const { gone } = service.terms(instanceId, policy);
  const of = <T extends { readonly instanceId: string }>(rows: Iterable<T>): readonly T[] =>
    [...rows].filter((row) => row.instanceId === instanceId);
  const input: FatesInput = {
    ...{ instance: { id: instanceId, projectId }, goneUtc, retention: policy.retention ?? null, policy, backups },
    ...{ elsewhere, holds: of(store.holds.values()), gone, nowUtc },
  };
  const found = fates(input);
  const marks = of(store.marks.values());
  return { fates: found, step: pruneStep({ backups, fates: found, marks, gone, graceMs: settings.graceMs, nowUtc }) };
}

function pruning(service: Service, { instanceId, policy, goneUtc }: Schedule) {
  const place = service.region.place(instanceId);
  if (!place) throw new Error(`a schedule of what never was: ${instanceId}`);
  const holds = [...service.store.holds.values()];
  return { ...service.terms(instanceId, policy), place, holds, nowUtc: service.nowUtc, believedGoneUtc: goneUtc };
}

export interface Reading {
  readonly backups: readonly OwnedBackup[];
  readonly oddIds: readonly string[];
  /** What had come between by then. */
  readonly readAt: number;
}

/** A list was read: what may go is marked, and what is wanted again is not any more. Gives of what something goes. */
export function consider(service: Service, projectId: string, reading: Reading): readonly Schedule[] {
  const { backups, oddIds, readAt } = reading;
  if (service.isDoubtful()) return [];
  const { store, laws, region, nowUtc } = service;
  const going: Schedule[] = [];
  for (const schedule of store.schedules.values()) {
    const { instanceId } = schedule;
    if (schedule.projectId !== projectId) continue;
    const rows = backups.filter((backup) => backup.instanceId === instanceId);
    const decision = decide(
      service,
      schedule,
      rows,
      backups.filter((row) => row.instanceId !== instanceId),
    );
    if (!decision) continue;
    const { step } = decision;
    if (readAt === region.disturbances) laws.judged(decision.fates, step, pruning(service, schedule));
    if (step.ripe.length > 0 || store.openDeletions(instanceId).length > 0) going.push(schedule);
    if (oddIds.length > 0) continue;
    for (const { backup } of step.mark) {
      store.marks.set(backup.id, { backupId: backup.id, instanceId, markedUtc: nowUtc });
      laws.marked.set(backup.id, region.utc);
      laws.seen.marked++;
    }
    for (const { backupId } of step.lift) {
      store.marks.delete(backupId);
      laws.marked.delete(backupId);
    }
  }
  service.point();
  return going;
}

/** What was sent is looked for; what had no effect for a day is given up. */
function underWay(service: Service, { instanceId }: Schedule): ReadonlySet<string> {
  const { store, wire } = service;
  const waiting = new Set<string>();
  for (const { backupId, projectId, intentUtc } of store.openDeletions(instanceId)) {
    const isGone = wire.backup(projectId, backupId) === null;
    if (isGone) store.marks.delete(backupId);
    if (isGone || service.nowUtc - intentUtc >= SENT_FOR_MS) store.deletions.delete(backupId);
    else waiting.add(backupId);
  }
  service.point();
  return waiting;
}

const isQuiet = ({ store, settings, nowUtc, trustedMs, monotonicMs }: Service): boolean =>
  store.bornUtc + settings.quarantineMs > nowUtc || trustedMs + settings.graceMs > monotonicMs;

/** One visit of an instance of which something is to go. */
export function prune(service: Service, schedule: Schedule): void {
  if (service.isDoubtful()) return;
  const { wire } = service;
  const { instanceId, projectId } = schedule;
  try {
    const waiting = underWay(service, schedule);
    if (isQuiet(service)) return;
    const listing = wire.backups(projectId, instanceId);
    const decision = decide(service, schedule, service.owned(listing.backups), []);
    const next = decision?.step.ripe.find(({ backup }) => !waiting.has(backup.id));
    service.point();
    if (!next || listing.oddIds.length > 0) return;
    service.onLook(next.backup.id);
    if (lastLook(service, schedule, next)) send(service, schedule, next);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
}

/** All that was true when it was chosen must be so still, in the whole region. */
function lastLook(service: Service, schedule: Schedule, { backup }: Pruned): boolean {
  const { wire, settings } = service;
  const { instanceId, projectId } = schedule;
  const instances = wire.projectInstances(projectId);
  service.killPoint();
  const { backups: region, oddIds } = wire.regionBackups();
  const ofInstance = service.owned(region.filter((row) => row.instanceId === instanceId));
  const elsewhere = region.filter((row) => row.instanceId !== instanceId);
  const decision = decide(service, schedule, ofInstance, elsewhere);
  const scene = {
    backup,
    nowUtc: service.nowUtc,
    region,
    ofInstance,
    instances,
    isOfGone: schedule.goneUtc !== null,
    observe: settings.observe,
  };
  const blocked = deletionBlocked(scene);
  // Whatever else forbids it as well: this one has to know.
  if (blocked === null) service.laws.looked(service.region.row(backup.id), oddIds.length > 0, settings.observe);
  const still = decision?.step.ripe.some((pruned) => pruned.backup.id === backup.id) ?? false;
  return still && blocked === null && oddIds.length === 0 && !service.isDoubtful();
}

function send(service: Service, schedule: Schedule, { backup }: Pruned): void {
  const { store, wire, laws, region, settings, skewMs } = service;
  const { instanceId, projectId, isExcluded } = schedule;
  const { graceMs, quarantineMs, observe } = settings;
  const going = { skewMs, graceMs, quarantineMs, observe, isExcluded, bornUtc: store.bornUtc };
  laws.deleting(region.row(backup.id), { ...pruning(service, schedule), ...going });
  store.deletions.set(backup.id, { backupId: backup.id, instanceId, projectId, intentUtc: service.nowUtc });
  service.killPoint();
  const answer = wire.delete(backup.id);
  service.killPoint();
  service.onSent(backup.id);
  if (answer === 'absent') store.marks.delete(backup.id);
  if (answer === 'absent' || answer === 'refused') store.deletions.delete(backup.id);
}
