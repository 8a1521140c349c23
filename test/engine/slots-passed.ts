import { followingSlot, type Policy } from '../../lib/core/index.ts';

interface Cursor {
  readonly instance_id: string;
  readonly first_slot_utc: number;
  readonly next_slot_utc: number;
  readonly policy: Policy;
}

/** A line of the log that tells of a cursor that was brought forward. */
type Hastened = Readonly<Record<string, unknown>>;

/** Every slot from a schedule's first to its cursor, which is not among them; holds while its policy stands. */
function slotsPassed(
  { first_slot_utc, next_slot_utc, policy, instance_id }: Cursor,
  hastened: readonly Hastened[],
): readonly number[] {
  const sooner = hastened
    .filter((line) => line['instance'] === instance_id)
    .map((line) => Date.parse(String(line['nextSlot'])));
  const slots: number[] = [];
  for (let slot = first_slot_utc; slot < next_slot_utc; ) {
    slots.push(slot);
    const next = followingSlot(policy.cadence, instance_id, slot);
    slot = Math.min(next, ...sooner.filter((at) => at > slot));
  }
  return slots;
}

const utc = (instant: number): string => new Date(instant).toISOString();

/** Slots without a row, rows without a slot. */
export function holes(
  schedules: readonly Cursor[],
  runs: readonly { readonly instance_id: string; readonly slot_utc: number }[],
  hastened: readonly Hastened[] = [],
): readonly string[] {
  const rows = Map.groupBy(runs, ({ instance_id }) => instance_id);
  return schedules.flatMap((schedule) => {
    const expected = slotsPassed(schedule, hastened);
    const found = (rows.get(schedule.instance_id) ?? []).map(({ slot_utc }) => slot_utc);
    const lacking = expected.filter((slot) => !found.includes(slot));
    const strange = found.filter((slot) => !expected.includes(slot));
    const twice = found.length - new Set(found).size;
    return lacking.length + strange.length + twice === 0
      ? []
      : [`instance ${schedule.instance_id} lacks slots ${lacking.map(utc)}, has ${strange.map(utc)}, ${twice} twice`];
  });
}
