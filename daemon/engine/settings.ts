import type { DurationMs, Freeze, OnShortage, Policy, Selector } from '../../lib/core/index.ts';
import type { Caps } from '../ports/schedule.ts';

/** What of the configuration the engine goes by; immutable, since a reload swaps the whole. */
export interface EngineSettings {
  /** Everything but making backups. */
  readonly observe: boolean;
  readonly policies: readonly Policy[];
  readonly exclude: Selector;
  readonly freezes: readonly Freeze[];
  readonly enrolOverMs: DurationMs;
  readonly caps: Caps;
  /** Backups of each project's quota that stay free for its users. */
  readonly reserve: number;
  /** What is done where a quota does not hold what the policies make. */
  readonly onShortage: OnShortage;
  readonly reconcileMs: DurationMs;
  readonly vanishShare: number;
  /** Projects and instances, as `name@domain` or id, that an operator says are really gone. */
  readonly confirmGone: readonly string[];
  /** So long each backup may run at least before it is taken for stuck. */
  readonly stuckAfterMs: DurationMs;
  /** A list of backups that says nothing new is planned for this often. */
  readonly pruneEveryMs: DurationMs;
  /** From a mark to the earliest DELETE. */
  readonly graceMs: DurationMs;
  /** For so long a new store deletes nothing: it may be there by mistake, beside the one that knows better. */
  readonly quarantineMs: DurationMs;
  /** Backups with which Trove took more than was to go, at which an operator has looked. */
  readonly lookedAt: readonly string[];
}

/** Asked at each decision, never kept over one. */
export type Settings = () => EngineSettings;
