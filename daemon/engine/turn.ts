import { type Instant, layered, type Policy } from '../../lib/core/index.ts';
import type { Standing } from '../ports/inventory.ts';
import type { ScheduleState } from '../ports/overrides.ts';
import type { ScheduleChange } from '../ports/schedules.ts';
import { type EnrolBySettings, enrolBy } from './enrol.ts';
import type { PolicyTurn } from './preview-scene.ts';

function standingOf({ schedule, excludedBecause }: ScheduleState): Standing {
  if (!schedule?.active) return { kind: 'known', excludedBecause };
  const { policy, nextSlotUtc, isFirst } = schedule;
  return { kind: 'scheduled', cadence: policy?.cadence ?? null, nextSlotUtc, isFirst };
}

/** What a change would make of an instance, and how it would then be stored. */
export function turnOf(
  state: ScheduleState,
  base: Policy,
  { said, pause: asked }: Pick<ScheduleChange, 'said' | 'pause'>,
  nowUtc: Instant,
  by: EnrolBySettings,
): { readonly turn: PolicyTurn; readonly after: ScheduleState } {
  const { instance } = state;
  const own = { ...state.own, overrides: said };
  const layers = layered(base, instance, own);
  const pause = asked === undefined ? state.pause : asked;
  const isOut = layers.kind === 'excluded';
  const standing = standingOf(state);
  const isMoved = !isOut && JSON.stringify(layers.policy) !== JSON.stringify(state.schedule?.configured);
  const keptUtc = state.schedule?.active ? state.schedule.nextSlotUtc : nowUtc;
  const moves = !isOut && (isMoved || !state.schedule?.active);
  const nextSlotUtc = moves ? enrolBy(base, instance, nowUtc, by).first(standing, layers.policy).slotUtc : keptUtc;
  const to = isOut ? layers.because : layers.policy;
  const policy = isOut ? (state.schedule?.policy ?? base) : layers.policy;
  const adapted = isOut || isMoved ? [] : (state.schedule?.adapted ?? []);
  const schedule = { policyName: base.name, policy, configured: policy, because: [], isFirst: false };
  return {
    turn: { instance, to, nextSlotUtc, pausedUntilUtc: pause?.untilUtc ?? null },
    after: {
      ...state,
      own,
      pause,
      excludedBecause: isOut ? layers.because : null,
      schedule: { ...schedule, adapted, active: !isOut, nextSlotUtc },
    },
  };
}
