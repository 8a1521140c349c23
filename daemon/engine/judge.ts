import {
  because,
  checkOverrides,
  InvalidInput,
  layered,
  OVERRIDABLE,
  type Overridable,
  type Policy,
  pauseForbidden,
  type Reason,
  TENANT_MAY,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { OverridesPort, ScheduleState } from '../ports/overrides.ts';
import type { NoSchedule, Refusal, ScheduleChange } from '../ports/schedules.ts';
import type { Settings } from './settings.ts';

/** Why nobody but the operator changes it; null where its members may. */
export function closed({ excludedBecause, goneUtc, schedule }: ScheduleState): Reason | null {
  if (goneUtc !== null) return because('instance-gone', {});
  if (excludedBecause && excludedBecause.rule !== 'opted-out') return excludedBecause;
  if (!schedule) return excludedBecause ?? because('no-policy', {});
  return schedule.policy ? null : because('policy-unusable', { detail: 'it is no policy any more' });
}

/** Which values are said anew. */
function changedKeys(before: ScheduleState, { said }: ScheduleChange): ReadonlySet<Overridable> {
  const was = before.own.overrides?.overrides ?? {};
  const differs = (key: Overridable): boolean =>
    said.overrides[key] !== undefined && JSON.stringify(said.overrides[key]) !== JSON.stringify(was[key]);
  return new Set(OVERRIDABLE.filter(differs));
}

/** Why a change may not be: what it says anew must count. What was said before and does not count any more stays said. */
function refusalOf(state: ScheduleState, base: Policy, change: ScheduleChange, nowUtc: number): Reason | null {
  const { said, pause } = change;
  const layers = layered(base, state.instance, { ...state.own, overrides: said });
  const keys = changedKeys(state, change);
  for (const reason of layers.kind === 'policy' ? layers.because : []) {
    const isOwn = reason.rule === 'override-dropped' && reason.params.source.layer === 'instance';
    if (isOwn && keys.has(reason.params.of)) return reason.params.by;
    if (reason.rule === 'opt-out-dropped' && state.own.overrides?.enabled !== false) return reason.params.by;
  }
  if (!pause) return null;
  if (layers.kind === 'excluded') return layers.because;
  return pauseForbidden(pause.untilUtc - nowUtc, { may: base.tenantMay ?? TENANT_MAY, policy: base.name });
}

/** @throws InvalidInput */
function checkedChange(change: ScheduleChange, nowUtc: number): ScheduleChange {
  if (change.pause && change.pause.untilUtc <= nowUtc) {
    throw new InvalidInput('pause: until_at has passed; give an instant to come, or null to end a pause');
  }
  return { ...change, said: { ...change.said, overrides: checkOverrides(change.said.overrides) } };
}

/** What is known of an instance, and whether it may be changed so. */
type Judged =
  | { readonly kind: 'may'; readonly state: ScheduleState; readonly base: Policy; readonly change: ScheduleChange }
  | NoSchedule
  | Refusal;

type Judge = (change: ScheduleChange) => Promise<Judged>;

interface JudgeDeps {
  readonly overrides: Pick<OverridesPort, 'state'>;
  readonly clock: Clock;
  readonly settings: Settings;
}

/** Says whether a change may be made. */
export function createJudge({ overrides, clock, settings }: JudgeDeps): {
  readonly baseOf: (name: string | undefined) => Policy | null;
  readonly judge: Judge;
} {
  const baseOf = (name: string | undefined): Policy | null =>
    settings().policies.find((policy) => policy.name === name) ?? null;
  return {
    baseOf,
    async judge(asked) {
      const nowUtc = clock.nowUtc();
      const change = checkedChange(asked, nowUtc);
      const state = await overrides.state(asked.instanceId, nowUtc);
      if (!state) return { kind: 'absent' };
      const none = closed(state);
      const { projectId } = state.instance;
      if (none) return { kind: 'none', projectId, because: none };
      const policyName = state.schedule?.policyName ?? '';
      const base = baseOf(policyName);
      if (!base) return { kind: 'none', projectId, because: because('policy-vanished', { policy: policyName }) };
      if (state.revision !== change.of) return { kind: 'moved' };
      const refused = refusalOf(state, base, change, nowUtc);
      return refused ? { kind: 'refused', because: refused } : { kind: 'may', state, base, change };
    },
  };
}
