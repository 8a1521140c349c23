import { baseOf } from './cadence.ts';
import type { Instant } from './model.ts';
import type { Policy } from './policy.ts';
import { because, type Reason } from './reason.ts';
import { namedLocal, nextSlot } from './recurrence.ts';
import { zoneOf } from './zone.ts';

export interface SlotOf {
  readonly instanceId: string;
  readonly policy: Pick<Policy, 'cadence'>;
  readonly slotUtc: Instant;
  /** The first of its schedule. */
  readonly isFirst: boolean;
  /** Why that is when it is, as the schedule says. */
  readonly firstBecause: Reason | null;
}

/** Later than clocks are ever put back by. */
const SETBACK_MS = 3 * 3_600_000;

/** `2026-11-22 22:00:00`, of a local time that is written as if it were UTC. */
const shown = (local: number): string => new Date(local).toISOString().slice(0, 19).replace('T', ' ');

/** An instant as clocks of a zone show it: `2026-11-22 22:00:00`. */
export const localText = (zoneName: string, instant: Instant): string =>
  shown(instant + zoneOf(zoneName).offsetAt(instant));

/** What clocks did to a local time: skipped it, or showed it twice. */
function changed(zoneName: string, local: number): readonly Reason[] {
  const zone = zoneOf(zoneName);
  const atUtc = zone.fromLocal(local);
  const facts = { local: shown(local), zone: zoneName };
  if (atUtc + zone.offsetAt(atUtc) !== local) return [because('slot-skipped-time', facts)];
  const againUtc = local - zone.offsetAt(atUtc + SETBACK_MS);
  const isTwice = againUtc > atUtc && againUtc + zone.offsetAt(againUtc) === local;
  return isTwice ? [because('slot-doubled-time', facts)] : [];
}

/** Why a slot is when it is. */
export function whyThen({ instanceId, policy, slotUtc, isFirst, firstBecause }: SlotOf): readonly Reason[] {
  const { cadence } = policy;
  if (nextSlot(cadence, instanceId, slotUtc - 1) !== slotUtc) {
    return [isFirst && firstBecause ? firstBecause : because('slot-out-of-turn', {})];
  }
  const first = isFirst && firstBecause ? [firstBecause] : [];
  const stretched = cadence.kind === 'stretched' ? [because('slot-stretched', { slots: cadence.by })] : [];
  const base = baseOf(cadence);
  if (base.kind === 'elapsed') {
    const rule = because('slot-elapsed', { everyMs: base.everyMs });
    const inside = base.within ? [because('slot-within', { zone: base.within.zone })] : [];
    return [rule, ...inside, ...stretched, ...first];
  }
  const { local, offsetMs } = namedLocal(base, instanceId, slotUtc);
  const named = because('slot-named', { local: shown(local), zone: base.zone, offsetMs });
  return [named, ...changed(base.zone, local), ...stretched, ...first];
}
