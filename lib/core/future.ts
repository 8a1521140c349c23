import { chooseKind, type KindDecision } from './chain.ts';
import type { Instance, Instant, ManagedBackup, OwnedBackup } from './model.ts';
import type { Policy } from './policy.ts';
import { followingSlot } from './recurrence.ts';

/** A backup as a slot that is still to come will make it, if all goes well. */
function toCome(instance: Instance, slotUtc: Instant, choice: KindDecision): ManagedBackup {
  const id = `slot-${slotUtc}`;
  return {
    id,
    projectId: instance.projectId,
    instanceId: instance.id,
    parentId: choice.kind === 'incremental' ? choice.parent.id : null,
    name: id,
    description: null,
    status: 'COMPLETED',
    createdUtc: slotUtc,
    updatedUtc: slotUtc,
    location: null,
    datastore: instance.datastore,
    ownership: { kind: 'managed', origin: 'scheduled', runId: id, slotUtc },
  };
}

const NONE_FAILED = { failuresInARow: 0, lastFailedUtc: null };

export interface SlotToCome {
  readonly slotUtc: Instant;
  readonly choice: KindDecision;
  /** All there is once it is made. */
  readonly backups: readonly OwnedBackup[];
}

/**
 * The slots to come and what each will make, as the policy says and if nothing fails, without an end.
 * @param thin what of the backups the next slots go on with
 */
export function* foresee(
  instance: Instance,
  policy: Policy,
  firstUtc: Instant,
  from: readonly OwnedBackup[],
  thin: (foreseen: SlotToCome) => readonly OwnedBackup[] = ({ backups }) => backups,
): Generator<SlotToCome, never> {
  let backups = from;
  for (let slotUtc = firstUtc; ; slotUtc = followingSlot(policy.cadence, instance.id, slotUtc)) {
    const choice = chooseKind(instance, policy, slotUtc, backups, NONE_FAILED);
    const foreseen = { slotUtc, choice, backups: [...backups, toCome(instance, slotUtc, choice)] };
    yield foreseen;
    backups = thin(foreseen);
  }
}
