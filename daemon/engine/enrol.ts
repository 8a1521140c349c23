import {
  because,
  choosePolicy,
  firstSlot,
  type Instance,
  type Instant,
  nextSlot,
  type Policy,
} from '../../lib/core/index.ts';
import type { Enrolment, Sighting } from '../ports/inventory.ts';
import type { EngineSettings } from './settings.ts';

export interface EnrolBySettings extends Pick<EngineSettings, 'enrolOverMs'> {
  readonly storeBornUtc: Instant;
}
export interface EnrolSettings extends EnrolBySettings, Pick<EngineSettings, 'policies' | 'exclude'> {}

type Scheduled = Extract<Enrolment, { kind: 'scheduled' }>;

/** By project id, every `name@domain` of the settings that is its: Keystone minds no case, so there may be several. */
export type ProjectNames = ReadonlyMap<string, readonly string[]>;

/** Reasons that lie in what the instance is, not in what the operator wants. */
const ROLES: ReadonlySet<string> = new Set(['replica', 'cluster-member']);

/** What an instance that was seen now gets: a policy and where its slots begin, or a reason to have none. */
export function enrol(
  instance: Instance,
  projectNames: ProjectNames,
  nowUtc: Instant,
  settings: EnrolSettings,
): Sighting {
  const names = projectNames.get(instance.projectId) ?? [];
  const choice = choosePolicy(instance, names, settings.policies, settings.exclude);
  if (choice.kind === 'excluded') {
    const { because: why } = choice;
    if (why.rule !== 'no-policy') return { instance, enrolment: choice };
    const policies = new Set(settings.policies.map(({ name }) => name));
    return { instance, enrolment: { kind: 'unselected', because: why, policies } };
  }
  return { instance, enrolment: { ...enrolBy(choice.policy, instance, nowUtc, settings), because: choice.because } };
}

/** What an instance gets that an operator's policy selects: where its slots begin, by what it then goes by. */
export function enrolBy(policy: Policy, instance: Instance, nowUtc: Instant, settings: EnrolBySettings): Scheduled {
  const selects = because('policy-selects', { policy: policy.name });
  const first: Scheduled['first'] = (standing, { cadence, ...rest }) => {
    if (standing.kind === 'scheduled') {
      // Another policy must not take away a slot that is due already, nor put off the first backup; and where it differs in
      // other things than its times, no slot moves.
      const isAsOften = JSON.stringify(standing.cadence) === JSON.stringify(cadence);
      const keeps = isAsOften || standing.isFirst || standing.nextSlotUtc <= nowUtc;
      const slotUtc = keeps ? standing.nextSlotUtc : nextSlot(cadence, instance.id, nowUtc);
      return { slotUtc, because: selects };
    }
    const regular = nextSlot(cadence, instance.id, nowUtc);
    // A promoted replica is as unprotected as a new instance. Others that come back, as when an exclusion is lifted from
    // a whole fleet, wait for their next slot, or all would be backed up at once.
    const promoted = standing.kind === 'known' && ROLES.has(standing.excludedBecause?.rule ?? '');
    if (standing.kind === 'known' && !promoted) return { slotUtc: regular, because: selects };
    const createdUtc = promoted ? nowUtc : instance.createdUtc;
    const { storeBornUtc, enrolOverMs } = settings;
    const input = { instanceId: instance.id, createdUtc, nowUtc, storeBornUtc, enrolOverMs };
    return firstSlot({ ...rest, cadence }, input);
  };
  return { kind: 'scheduled', policy, because: selects, first };
}
