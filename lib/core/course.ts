import { backingOff, type RecentRuns } from './back-off.ts';
import { intervalMs } from './cadence.ts';
import { chainEnds, isFullOnly } from './chain.ts';
import { CourseKeep } from './course-keep.ts';
import { makeRow, type Row } from './course-rows.ts';
import type { Datastore, DurationMs, Instant } from './model.ts';
import type { Policy } from './policy.ts';
import { followingSlot } from './recurrence.ts';

/** How what is around the instances goes. */
export interface Surroundings {
  /** From a mark to the earliest deletion. */
  readonly graceMs: DurationMs;
  /** How often lists are read: marks are set and what is ripe goes at whole multiples of it, from 1970 on. */
  readonly lookMs: DurationMs;
  /** Whether the backup of a slot fails. */
  fails(instanceId: string, slotUtc: Instant): boolean;
}

/** A backup of ours that is there at the beginning. */
export interface Standing {
  readonly id: string;
  readonly parentId: string | null;
  /** What it counts as of: its slot. */
  readonly atUtc: Instant;
  /** null while it is not marked. */
  readonly markedUtc: Instant | null;
  /** Whatever the rules say it stays until then; null for one that nothing but the rules holds. */
  readonly heldUntilUtc: Instant | null;
}

/** An instance as its course begins. */
export interface Beginning {
  readonly instance: { readonly id: string; readonly datastore: Datastore };
  readonly policy: Policy;
  readonly nextSlotUtc: Instant;
  /** Its recovery points of ours, oldest first, each after what it stands on. */
  readonly points: readonly Standing[];
  readonly fullMs: DurationMs;
  readonly incrementalMs: DurationMs;
}

/** Told of what happens, in the order of time. */
export interface Witness {
  /** A backup was asked for, on a chain of so many incrementals; 0 for a full. */
  made(startUtc: Instant, length: number): void;
  /** There is a recovery point more, of `atUtc`. */
  completed(endUtc: Instant, atUtc: Instant): void;
  /** A backup is there no more. */
  gone(atUtc: Instant, length: number): void;
}

/** What an instance goes through, by the rules that its slots, its chains and its retention go by. Not to be used twice. */
export class Course {
  readonly #from: Beginning;
  readonly #around: Surroundings;
  readonly #witness: Witness;
  readonly #keep: CourseKeep;
  readonly #intervalMs: DurationMs;
  readonly #isFullOnly: boolean;
  readonly #points: Row[] = [];
  readonly #failed: Row[] = [];
  #recent: RecentRuns = { failuresInARow: 0, lastFailedUtc: null };
  #nextLookUtc: Instant;
  #busyUntilUtc: Instant = Number.NEGATIVE_INFINITY;

  constructor(from: Beginning, around: Surroundings, fromUtc: Instant, witness: Witness) {
    this.#from = from;
    this.#around = around;
    this.#witness = witness;
    this.#keep = new CourseKeep(from.policy, around.graceMs);
    this.#intervalMs = intervalMs(from.policy.cadence);
    this.#isFullOnly = isFullOnly(from.instance.datastore);
    this.#nextLookUtc = this.#lookAfter(fromUtc);
    const byId = new Map<string, Row>();
    for (const { id, parentId, atUtc, markedUtc, heldUntilUtc } of from.points) {
      const parent = parentId === null ? null : (byId.get(parentId) ?? null);
      const row = makeRow(atUtc, parent, this.#keep.periodsOf(atUtc), heldUntilUtc ?? undefined);
      row.markedUtc = markedUtc ?? Number.NaN;
      byId.set(id, row);
      this.#points.push(row);
    }
  }

  /** Of each recovery point there is, how many incrementals its chain has up to it. */
  lengths(): readonly number[] {
    return this.#points.map(({ length }) => length);
  }

  /** Goes on to the end, which is not part of it. */
  run(endUtc: Instant): void {
    const { policy, instance } = this.#from;
    for (let slotUtc = this.#from.nextSlotUtc; slotUtc < endUtc; ) {
      const nextUtc = followingSlot(policy.cadence, instance.id, slotUtc);
      const startUtc = Math.max(slotUtc, this.#busyUntilUtc);
      // Where the one before it runs into the next slot this one expires.
      if (startUtc < Math.min(nextUtc, endUtc)) this.#make(slotUtc, startUtc, endUtc);
      slotUtc = nextUtc;
    }
    this.#looksUntil(endUtc);
  }

  #make(slotUtc: Instant, startUtc: Instant, endUtc: Instant): void {
    const { policy, instance, fullMs, incrementalMs } = this.#from;
    this.#looksUntil(startUtc);
    if (backingOff(policy, slotUtc, this.#recent)) return;
    const parent = this.#parentFor(slotUtc);
    const row = makeRow(slotUtc, parent, this.#keep.periodsOf(slotUtc));
    this.#witness.made(startUtc, row.length);
    this.#busyUntilUtc = startUtc + (parent ? incrementalMs : fullMs);
    // While it runs it is no recovery point, and what it stands on is the newest.
    this.#looksUntil(Math.min(this.#busyUntilUtc, endUtc));
    if (this.#busyUntilUtc >= endUtc) return;
    this.#end(row, this.#around.fails(instance.id, slotUtc));
    this.#nextLookUtc = Math.min(this.#nextLookUtc, this.#lookAfter(this.#busyUntilUtc));
  }

  #end(row: Row, isFailed: boolean): void {
    if (isFailed) {
      this.#failed.push(row);
      this.#recent = { failuresInARow: this.#recent.failuresInARow + 1, lastFailedUtc: row.atUtc };
      return;
    }
    this.#recent = { failuresInARow: 0, lastFailedUtc: null };
    this.#points.push(row);
    this.#witness.completed(this.#busyUntilUtc, row.atUtc);
  }

  /** What the next incremental goes on; null where a full is due. */
  #parentFor(slotUtc: Instant): Row | null {
    const { policy, instance } = this.#from;
    const newest = this.#points.at(-1);
    if (this.#isFullOnly || !newest || this.#recent.lastFailedUtc !== null) return null;
    return chainEnds(policy, instance.id, newest.length, newest.root.atUtc, slotUtc) ? null : newest;
  }

  /** The first look that is not before an instant. */
  #lookAfter(instant: Instant): Instant {
    return Math.ceil(instant / this.#around.lookMs) * this.#around.lookMs;
  }

  #looksUntil(untilUtc: Instant): void {
    while (this.#nextLookUtc < untilUtc) {
      const nowUtc = this.#nextLookUtc;
      this.#look(nowUtc);
      this.#nextLookUtc = this.#lookAfter(this.#keep.nextUtc(this.#points, nowUtc));
    }
  }

  #look(nowUtc: Instant): void {
    this.#keep.look(this.#points, nowUtc);
    this.#dropFailed(nowUtc);
    const newest = this.#points.at(-1);
    if (!newest || nowUtc - newest.atUtc > 2 * this.#intervalMs) return;
    this.#keep.mark(this.#points, nowUtc);
    // What stands on it is newer, and has gone before it.
    for (let index = this.#points.length - 1; index >= 0; index--) {
      const row = this.#points[index];
      if (row && row.children === 0 && this.#keep.isRipe(row, nowUtc)) this.#drop(this.#points, row, nowUtc);
    }
  }

  /** All but the newest, and that too where it stands on what nothing wants. */
  #dropFailed(nowUtc: Instant): void {
    for (const row of [...this.#failed]) {
      const isNewest = row === this.#failed.at(-1);
      const standsOnUnwanted = row.parent !== null && !this.#keep.isWanted(row.parent);
      if (!isNewest || standsOnUnwanted) this.#drop(this.#failed, row, nowUtc);
    }
  }

  #drop(rows: Row[], row: Row, nowUtc: Instant): void {
    rows.splice(rows.indexOf(row), 1);
    if (row.parent) row.parent.children -= 1;
    this.#witness.gone(nowUtc, row.length);
  }
}
