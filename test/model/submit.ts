import {
  advance,
  backupName,
  judgeRun,
  makeUpSlot,
  markerText,
  type OwnedBackup,
  patienceMs,
  plan,
  recoveryPoints,
  type Step,
} from '../../lib/core/index.ts';
import type { Bounds } from './laws.ts';
import { macOf, OWNER, RUNNING_HOLDS_MS, type Service } from './service.ts';
import { isOpen, type Run, type Schedule } from './store.ts';
import { NoAnswer } from './wire.ts';

/** Slots that have come get their rows, in the same breath as the cursor moves on. */
export function claim(service: Service, projectId: string): void {
  const { store, settings, nowUtc, skewMs } = service;
  for (const schedule of store.schedules.values()) {
    const { instanceId, policy } = schedule;
    if (schedule.projectId !== projectId || !isActive(schedule) || schedule.nextUtc > nowUtc) continue;
    if (store.places(nowUtc, RUNNING_HOLDS_MS).length >= settings.caps.concurrent) return;
    for (const run of store.runsOf(instanceId)) if (run.state === 'claimed') run.state = 'expired';
    const advanced = advance(policy.cadence, instanceId, schedule.nextUtc, nowUtc);
    const row = { instanceId, projectId, backupId: null, intentUtc: 0, notBeforeUtc: nowUtc, isLost: false };
    for (const slotUtc of advanced.missed) store.insert({ ...row, id: service.newRunId(), slotUtc, state: 'missed' });
    schedule.nextUtc = advanced.nextUtc;
    const slotUtc = advanced.due;
    if (slotUtc === null || !store.insert({ ...row, id: service.newRunId(), slotUtc, state: 'claimed' })) continue;
    service.laws.claimed(instanceId, slotUtc, service.terms(instanceId, policy), skewMs);
  }
  service.point();
}

export const isActive = ({ isExcluded, goneUtc }: Schedule): boolean => !isExcluded && goneUtc === null;

/** One try of a claimed run: look, plan, intent, request, answer; each written down before what follows. */
export function submit(service: Service, run: Run): void {
  const schedule = service.store.schedules.get(run.instanceId);
  if (!schedule || run.state !== 'claimed' || run.notBeforeUtc > service.nowUtc) return;
  const postpone = (): void => {
    const { nowUtc } = service;
    Object.assign(run, { state: 'claimed', notBeforeUtc: nowUtc + patienceMs(schedule.policy, nowUtc - run.slotUtc) });
  };
  try {
    const step = look(service, run, schedule);
    service.point();
    // Its schedule may have ended, or its next slot been claimed, while the cloud was asked.
    if (run.state !== 'claimed') return;
    if (step.kind === 'wait') postpone();
    else if (step.kind === 'skip') run.state = 'skipped';
    else if (step.kind === 'credit') Object.assign(run, { state: 'credited', backupId: step.backupId });
    else if (step.kind === 'adopt') Object.assign(run, { state: 'running', backupId: step.backupId });
    else make(service, run, step, postpone);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    postpone();
  }
}

function look(service: Service, run: Run, { policy }: Schedule): Step {
  const { wire, store, settings, region } = service;
  const { id, instanceId, projectId, slotUtc } = run;
  const terms = service.terms(instanceId, policy);
  const step = plan({
    run: { id, slotUtc },
    instance: wire.instance(projectId, instanceId),
    quota: wire.quota(projectId),
    backups: service.owned(wire.backups(projectId, instanceId).backups),
    nowUtc: service.nowUtc,
    policy,
    recent: store.recent(instanceId, slotUtc),
    gone: terms.gone,
    reserve: settings.reserve,
    observe: settings.observe,
    freezes: [],
  });
  const place = region.place(instanceId);
  if (place) service.laws.planned(step, { ...terms, ...bounds(service, run), place });
  return step;
}

function bounds({ store, settings, nowUtc }: Service, { projectId, slotUtc }: Run): Bounds {
  const held = store.places(nowUtc, RUNNING_HOLDS_MS);
  return {
    slotUtc,
    reserve: settings.reserve,
    bornUtc: store.bornUtc,
    placesOfAll: held.length,
    placesOfProject: held.filter((other) => other.projectId === projectId).length,
  };
}

function make(
  service: Service,
  run: Run,
  step: Extract<Step, { kind: 'full' | 'incremental' }>,
  postpone: () => void,
): void {
  const { wire, settings } = service;
  const { id: runId, instanceId, projectId, slotUtc } = run;
  const { kind } = step;
  const parentId = kind === 'full' ? null : step.parentId;
  const held = bounds(service, run);
  if (held.placesOfAll >= settings.caps.concurrent || held.placesOfProject >= settings.caps.perProject) {
    postpone();
    return;
  }
  Object.assign(run, { state: 'intent', intentUtc: service.nowUtc });
  service.laws.sent(instanceId, bounds(service, run), settings.caps);
  service.point();
  const mac = macOf({ owner: OWNER, runId, slotUtc, kind, instanceId, parentId });
  const description = markerText({ owner: OWNER, runId, slotUtc, kind, mac });
  if (backupName(instanceId, slotUtc, kind).length > 255) throw new Error('a name that Trove refuses');
  const origin = { kind: 'service', runId, slotUtc, step: service.region.step } as const;
  const posted = wire.post({ projectId, instanceId, parentId, description, origin });
  service.point();
  if (posted.kind === 'accepted') Object.assign(run, { state: 'running', backupId: posted.backupId });
  else if (posted.kind === 'unknown') run.state = 'unknown';
  else if (posted.kind === 'later') postpone();
  else run.state = 'skipped';
  service.point();
}

/** What a list of the project says of the runs that may have a backup. */
export function track(service: Service, projectId: string, backups: readonly OwnedBackup[], odd: boolean): void {
  const { store, wire } = service;
  for (const run of store.openRuns(projectId)) {
    if (run.state !== 'unknown' && run.state !== 'running') continue;
    const { id, state, backupId, intentUtc } = run;
    const instanceGoneUtc = store.schedules.get(run.instanceId)?.goneUtc ?? null;
    const verdict = judgeRun({ id, state, backupId, intentUtc, instanceGoneUtc }, backups, service.nowUtc);
    if (verdict.kind === 'adopt') service.laws.seen.adopted++;
    if (verdict.kind === 'adopt') Object.assign(run, { state: 'running', backupId: verdict.backupId });
    if (verdict.kind === 'look' && !odd && wire.backup(projectId, verdict.backupId) === null) run.state = 'aborted';
    const isByTime = verdict.kind === 'end' && ['outcome-unknown', 'instance-gone'].includes(verdict.because.rule);
    if (verdict.kind !== 'end' || (isByTime && service.isDoubtful())) continue;
    Object.assign(run, { state: verdict.state, backupId: verdict.backupId ?? backupId });
  }
  service.point();
}

/** Points that were there and lack now are made up for. */
export function makeUp(service: Service, projectId: string, backups: readonly OwnedBackup[]): void {
  const { store, wire, nowUtc } = service;
  const listed = new Set(backups.map(({ id }) => id));
  for (const schedule of store.schedules.values()) {
    const { instanceId, policy } = schedule;
    const runs = store.runsOf(instanceId);
    const isLost = (run: Run): boolean =>
      ['completed', 'credited'].includes(run.state) && !run.isLost && !listed.has(run.backupId ?? '');
    const lost = schedule.projectId === projectId && isActive(schedule) ? runs.slice(-8).find(isLost) : undefined;
    if (!lost?.backupId || wire.backup(projectId, lost.backupId) !== null || service.isDoubtful()) continue;
    lost.isLost = true;
    const last = runs.toSorted((a, b) => b.slotUtc - a.slotUtc)[0];
    const wasCredit = lost.state === 'credited';
    if (!last || isOpen(last) || (wasCredit && lost !== last)) continue;
    const rows = backups.filter((backup) => backup.instanceId === instanceId);
    const newest = recoveryPoints({ id: instanceId, projectId }, rows, service.terms(instanceId, policy).gone)[0];
    const left = { newestPointUtc: newest?.tip.createdUtc ?? null, lastSlotUtc: last.slotUtc };
    const slotUtc = makeUpSlot(policy, { instanceId, nowUtc, nextSlotUtc: schedule.nextUtc, wasCredit, ...left });
    if (slotUtc !== null) schedule.nextUtc = slotUtc;
  }
}
