import { choosePolicy, firstSlot, type Instance, type Instant, nextSlot } from '../../lib/core/index.ts';
import type { Enrolment, Sighting } from '../ports/inventory.ts';
import type { EngineSettings } from './settings.ts';

export interface EnrolSettings extends Pick<EngineSettings, 'policies' | 'exclude' | 'enrolOverMs'> {
  readonly storeBornUtc: Instant;
}

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
    const { because } = choice;
    if (because.rule !== 'no-policy') return { instance, enrolment: choice };
    const policies = new Set(settings.policies.map(({ name }) => name));
    return { instance, enrolment: { kind: 'unselected', because, policies } };
  }
  const { policy } = choice;
  const first: Extract<Enrolment, { kind: 'scheduled' }>['first'] = (standing) => {
    if (standing.kind === 'scheduled') {
      // Another policy must not take away a slot that is due already, nor put off the first backup; and where it differs in
      // other things than its times, no slot moves.
      const isAsOften = JSON.stringify(standing.cadence) === JSON.stringify(policy.cadence);
      const keeps = isAsOften || standing.isFirst || standing.nextSlotUtc <= nowUtc;
      const slotUtc = keeps ? standing.nextSlotUtc : nextSlot(policy.cadence, instance.id, nowUtc);
      return { slotUtc, because: choice.because };
    }
    const regular = nextSlot(policy.cadence, instance.id, nowUtc);
    // A promoted replica is as unprotected as a new instance. Others that come back, as when an exclusion is lifted from
    // a whole fleet, wait for their next slot, or all would be backed up at once.
    const promoted = standing.kind === 'known' && ROLES.has(standing.excludedBecause?.rule ?? '');
    if (standing.kind === 'known' && !promoted) return { slotUtc: regular, because: choice.because };
    const createdUtc = promoted ? nowUtc : instance.createdUtc;
    const { storeBornUtc, enrolOverMs } = settings;
    return firstSlot(policy, { instanceId: instance.id, createdUtc, nowUtc, storeBornUtc, enrolOverMs });
  };
  return { instance, enrolment: { kind: 'scheduled', policy, because: choice.because, first } };
}
