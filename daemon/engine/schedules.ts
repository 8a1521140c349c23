import {
  adaptedValues,
  because,
  layered,
  operatorsAlone,
  type Policy,
  TENANT_MAY,
  TENANT_MAY_NOTHING,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { OverridesPort, ScheduleState } from '../ports/overrides.ts';
import type { NoSchedule, SchedulesPort, ShownSchedule } from '../ports/schedules.ts';
import type { ClockGuard } from './clock-guard.ts';
import { enrolBy } from './enrol.ts';
import { closed, createJudge } from './judge.ts';
import type { Preview } from './preview.ts';
import type { Settings } from './settings.ts';
import { tellSettled } from './settled.ts';
import { turnOf } from './turn.ts';

export interface SchedulesDeps {
  readonly overrides: OverridesPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly guard: Pick<ClockGuard, 'doubt'>;
  readonly settings: Settings;
  readonly storeBornUtc: () => number;
  readonly preview: Preview;
  /** Told of the project in which schedules changed. */
  readonly onChanged: (projectId: string) => void;
}

/** A schedule as its members see it. `base` is the operator's policy; null where that is not configured any more. */
export function shownOf(state: ScheduleState, base: Policy | null): ShownSchedule | NoSchedule {
  const { instance, own, schedule, pause, revision } = state;
  const { id: instanceId, projectId } = instance;
  const none = closed(state);
  if (none || !schedule?.policy) {
    return { kind: 'none', projectId, because: none ?? because('no-policy', {}) };
  }
  const { enabled: saysEnabled = true, overrides = {} } = own.overrides ?? {};
  const said = { saysEnabled, overrides, pause, revision };
  const common = { instanceId, projectId, ...said };
  const { policy, configured, adapted, nextSlotUtc } = schedule;
  const byQuota = configured ? adaptedValues(configured, policy) : [];
  if (!base) {
    return {
      ...common,
      enabled: true,
      policy,
      sources: operatorsAlone(schedule.policyName),
      byQuota,
      tenantMay: TENANT_MAY_NOTHING,
      nextSlotUtc: schedule.active ? nextSlotUtc : null,
      because: [...schedule.because.slice(0, 1), ...adapted],
    };
  }
  const isOut = state.excludedBecause !== null;
  const there = { ...own, overrides: own.overrides && { ...own.overrides, enabled: own.overrides.enabled || isOut } };
  const layers = layered(base, instance, there);
  const reasons = layers.kind === 'policy' ? layers.because : [layers.because];
  const selects = because('policy-selects', { policy: base.name });
  return {
    ...common,
    enabled: !isOut,
    policy: isOut && layers.kind === 'policy' ? layers.policy : policy,
    sources: layers.kind === 'policy' ? layers.sources : operatorsAlone(base.name),
    byQuota: isOut ? [] : byQuota,
    tenantMay: base.tenantMay ?? TENANT_MAY,
    nextSlotUtc: schedule.active ? nextSlotUtc : null,
    because: [
      ...(state.excludedBecause ? [state.excludedBecause] : []),
      selects,
      ...reasons,
      ...(isOut ? [] : adapted),
    ],
  };
}

/** What tenants say of their own instances' backups. */
export function createSchedules(deps: SchedulesDeps): SchedulesPort {
  const { overrides, clock, log, guard, settings, onChanged, preview } = deps;
  const { baseOf, judge } = createJudge(deps);

  async function show(instanceId: string): Promise<ShownSchedule | NoSchedule> {
    const state = await overrides.state(instanceId, clock.nowUtc());
    return state ? shownOf(state, baseOf(state.schedule?.policyName)) : { kind: 'absent' };
  }

  return {
    show,
    async slots(instanceId, signal) {
      const state = await overrides.state(instanceId, clock.nowUtc());
      if (!state) return { kind: 'absent' };
      const { instance, schedule, pause } = state;
      const { projectId } = instance;
      const none = closed(state);
      if (none || !schedule?.policy) return { kind: 'none', projectId, because: none ?? because('no-policy', {}) };
      if (!schedule.active) return { kind: 'slots', projectId, slots: [] };
      const { policy: to, nextSlotUtc } = schedule;
      const turn = { instance, to, nextSlotUtc, pausedUntilUtc: pause?.untilUtc ?? null };
      return { kind: 'slots', projectId, slots: await preview.slots(turn, signal) };
    },
    async preview(asked, signal) {
      const judged = await judge(asked);
      if (judged.kind !== 'may') return judged;
      const { state, base, change } = judged;
      const by = { ...settings(), storeBornUtc: deps.storeBornUtc() };
      const { turn, after } = turnOf(state, base, change, clock.nowUtc(), by);
      const schedule = shownOf(after, base);
      if ('kind' in schedule) return schedule;
      const { id, projectId } = state.instance;
      return { kind: 'preview', schedule, foresight: await preview.of(projectId, [turn], id, signal) };
    },
    async change(asked) {
      const judged = await judge(asked);
      if (judged.kind !== 'may') return judged;
      // Slots, pauses and times in which nothing ages would be set by it.
      const doubt = guard.doubt();
      if (doubt) return { kind: 'refused', because: doubt };
      const { state, base, change } = judged;
      const nowUtc = clock.nowUtc();
      const by = { ...settings(), storeBornUtc: deps.storeBornUtc() };
      const settled = await overrides.change(
        { ...change, enrolment: enrolBy(base, state.instance, nowUtc, by) },
        nowUtc,
      );
      if (settled === 'moved') return { kind: 'moved' };
      const facts = { instance: asked.instanceId, project: state.instance.projectId };
      log.info('overrides.changed', { ...facts, enabled: change.said.enabled, overrides: change.said.overrides });
      tellSettled(log, settled, base.name);
      if (change.pause) {
        const { untilUtc, owner, note } = change.pause;
        log.info('schedule.paused', { ...facts, untilUtc, owner, note });
      } else if (change.pause === null && state.pause) log.info('schedule.resumed', facts);
      onChanged(state.instance.projectId);
      return show(asked.instanceId);
    },
  };
}
