import type { Instant } from './model.ts';

/** A backup of ours as a course of events has it. */
export interface Row {
  /** Its slot. */
  readonly atUtc: Instant;
  readonly parent: Row | null;
  /** Of its chain: itself where it is full. */
  readonly root: Row;
  /** Incrementals from the root on, this one counted. */
  readonly length: number;
  /** Days, weeks, months and years of it, as far as the policy keeps any. */
  readonly periods: readonly number[];
  /** Backups that stand on it. */
  children: number;
  /** NaN while it is not marked. */
  markedUtc: Instant;
  /** Whatever the rules say it stays until then. */
  readonly heldUntilUtc: Instant;
  /** Which look found it wanted last. */
  wantedIn: number;
}

/** On no parent it is full. */
export function makeRow(
  atUtc: Instant,
  parent: Row | null,
  periods: readonly number[],
  heldUntilUtc: Instant = Number.NEGATIVE_INFINITY,
): Row {
  if (parent) parent.children += 1;
  const row = { atUtc, parent, length: parent ? parent.length + 1 : 0, periods, children: 0, heldUntilUtc };
  const made = { ...row, markedUtc: Number.NaN, wantedIn: 0, root: null as Row | null };
  made.root = parent ? parent.root : (made as Row);
  return made as Row;
}
