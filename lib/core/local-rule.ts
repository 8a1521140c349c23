import { DAY_MS } from './civil.ts';
import type { DurationMs } from './model.ts';

/** A rule that names local times: whole seconds in milliseconds, written as if they were UTC. */
export interface LocalRule {
  /** The first one strictly after a local time; null if there is none in the ten years after it. */
  next(after: number): number | null;
  readonly gaps: Gaps;
}

/** What lies between two times of a rule, while no clock changes. */
export interface Gaps {
  readonly shortestMs: DurationMs;
  readonly longestMs: DurationMs;
}

/** A rule that stays silent for longer is no schedule of backups. */
export const LONGEST_SILENCE_DAYS = 3_660;
/** 2001-01-01 00:00, a Monday: where intervals are counted from and gaps are looked for. */
export const RULE_EPOCH = 11_323 * DAY_MS;

/** Rules by their text: reading one takes a thousand times as long as asking it. */
export function remembered(read: (text: string) => LocalRule): (text: string) => LocalRule {
  const known = new Map<string, LocalRule>();
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const rule = read(text);
    if (known.size >= 1_000) known.clear();
    known.set(text, rule);
    return rule;
  };
}
