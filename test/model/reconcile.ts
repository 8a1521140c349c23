import { firstSlot, isOfSome, judgeVanish, leftToVanish, nextSlot, wholeProjects } from '../../lib/core/index.ts';
import { DAY } from './region.ts';
import type { Service } from './service.ts';
import { isActive } from './submit.ts';
import { NoAnswer } from './wire.ts';

const isSeen = (service: Service, projectId: string, id: string): boolean => {
  try {
    return service.wire.instance(projectId, id) !== null;
  } catch (error) {
    if (error instanceof NoAnswer) return true;
    throw error;
  }
};

/** A look at the region: who is new, who is back, and who is gone as far as that is believed. */
export function reconcile(service: Service): void {
  const { store, wire, settings } = service;
  const listed = wire.instances();
  service.point();
  if (service.isDoubtful()) return;
  const { nowUtc } = service;
  const seen = new Set(listed.map(({ id }) => id));
  for (const { id, projectId, createdUtc } of listed) {
    const place = service.region.place(id);
    if (place) place.isNoted = true;
    const known = store.schedules.get(id);
    const { policy } = settings;
    if (!known) {
      const input = { instanceId: id, createdUtc, nowUtc, storeBornUtc: store.bornUtc, enrolOverMs: DAY };
      const nextUtc = firstSlot(policy, input).slotUtc;
      store.schedules.set(id, {
        instanceId: id,
        projectId,
        policy,
        nextUtc,
        isExcluded: false,
        goneUtc: null,
        lacked: 0,
      });
      continue;
    }
    const isAsOften = known.policy.cadence === policy.cadence || known.nextUtc <= nowUtc;
    const nextUtc = isAsOften && known.goneUtc === null ? known.nextUtc : nextSlot(policy.cadence, id, nowUtc);
    Object.assign(known, { policy, nextUtc, goneUtc: null, lacked: 0 });
  }
  for (const schedule of store.schedules.values()) if (!seen.has(schedule.instanceId)) schedule.lacked++;
  bury(service);
  service.point();
}

function bury(service: Service): void {
  const { store, settings, laws, region, nowUtc } = service;
  const { vanishShare: share } = settings;
  const living = [...store.schedules.values()].filter(({ goneUtc }) => goneUtc === null);
  const twice = living.filter(({ lacked }) => lacked >= 2);
  const knownByProject = new Map(
    [...Map.groupBy(living, ({ projectId }) => projectId)].map(([id, rows]) => [id, rows.length]),
  );
  const goneLately = store.buriedUtc.filter((at) => at > nowUtc - DAY).length;
  const bounds = { known: living.length, goneLately, share };
  const whole = wholeProjects(twice, knownByProject);
  const others = twice.filter(({ projectId }) => !isOfSome(whole.get(projectId)?.length ?? 0));
  const gone = others.filter(({ projectId, instanceId }) => !isSeen(service, projectId, instanceId));
  const isCut = gone.length > leftToVanish(bounds) + bounds.known;
  const { believed } = judgeVanish({ ...bounds, gone, lacking: others.length - gone.length, isCut });
  for (const { instanceId } of believed) {
    const schedule = store.schedules.get(instanceId);
    if (!schedule) continue;
    store.buriedUtc.push(nowUtc);
    const lately = store.buriedUtc.filter((at) => at > nowUtc - DAY).length;
    laws.buried(region.place(instanceId), lately, bounds.known, share);
    if (isActive(schedule))
      for (const run of store.runsOf(instanceId)) if (run.state === 'claimed') run.state = 'skipped';
    schedule.goneUtc = nowUtc;
  }
}
