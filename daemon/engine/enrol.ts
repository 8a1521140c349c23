import {
  choosePolicy,
  firstSlot,
  type Instance,
  type Instant,
  nextSlot,
  type Policy,
  type Selector,
} from '../../lib/core/index.ts';
import type { Enrolment, Sighting } from '../ports/inventory.ts';

export interface EnrolSettings {
  readonly policies: readonly Policy[];
  readonly exclude: Selector;
  readonly enrolOverMs: number;
  readonly storeBornUtc: Instant;
}

/** What an instance that was seen now gets: a policy and where its slots begin, or a reason to have none. */
export function enrol(
  instance: Instance,
  projectNames: ReadonlyMap<string, string>,
  nowUtc: Instant,
  settings: EnrolSettings,
): Sighting {
  const project = projectNames.get(instance.projectId) ?? null;
  const choice = choosePolicy(instance, project, settings.policies, settings.exclude);
  if (choice.kind === 'excluded') return { instance, enrolment: choice };
  const { policy } = choice;
  const first: Extract<Enrolment, { kind: 'scheduled' }>['first'] = (standing) => {
    if (standing.kind === 'scheduled') {
      // Another policy must not take away a slot that is due already, nor put off the first backup.
      const keeps = standing.isFirst || standing.nextSlotUtc <= nowUtc;
      const slotUtc = keeps ? standing.nextSlotUtc : nextSlot(policy.cadence, instance.id, nowUtc);
      return { slotUtc, because: choice.because };
    }
    // One that was excluded until now, such as a promoted replica, is as unprotected as a new one: no waiting in line.
    const createdUtc = standing.kind === 'known' ? nowUtc : instance.createdUtc;
    const { storeBornUtc, enrolOverMs } = settings;
    return firstSlot(policy, { instanceId: instance.id, createdUtc, nowUtc, storeBornUtc, enrolOverMs });
  };
  return { instance, enrolment: { kind: 'scheduled', policy, because: choice.because, first } };
}
