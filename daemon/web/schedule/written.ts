import type { OverridesView, TenantMayView } from '../../http/contract/schedule.ts';
import { COUNTS, type EveryDraft, FIELDS, type Field, type KeepDraft, type OverridesDraft } from './draft.ts';
import { durationMs, durationOf } from './duration.ts';

export type Problem = 'no-number' | 'no-time' | 'same-times' | 'no-zone' | 'keeps-nothing' | 'too-often' | 'too-short';
type Result<T> = { readonly value: T } | { readonly problem: Problem };

const DAY_MS = 86_400_000;
const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const isCount = (text: string): boolean => /^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 10_000;

const EVERY_MS = { day: DAY_MS, week: 7 * DAY_MS } as const;

function every(draft: EveryDraft, least: string | null): Result<string> {
  const value = draft.kind === 'time' ? durationOf(draft.time) : draft.kind;
  if (value === null) return { problem: 'no-number' };
  const ms = draft.kind === 'time' ? durationMs(value) : EVERY_MS[draft.kind];
  const leastMs = least === null ? null : durationMs(least);
  return ms !== null && leastMs !== null && ms < leastMs ? { problem: 'too-often' } : { value };
}

function window({ from, to }: NonNullable<OverridesDraft['window']>): Result<string> {
  if (!isTime(from) || !isTime(to)) return { problem: 'no-time' };
  return from === to ? { problem: 'same-times' } : { value: `${from}-${to}` };
}

type Keep = NonNullable<OverridesView['keep']>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

function keep({ within, counts }: KeepDraft, least: string | null): Result<Keep> {
  const rules: Writable<Keep> = {};
  if (within.n.trim() !== '') {
    const duration = durationOf(within);
    if (duration === null) return { problem: 'no-number' };
    rules.within = duration;
  }
  for (const name of COUNTS) {
    const text = counts[name].trim();
    if (text === '') continue;
    if (!isCount(text)) return { problem: 'no-number' };
    rules[name] = Number(text);
  }
  const names = Object.keys(rules);
  if (names.length === 0) return { problem: 'keeps-nothing' };
  const [ms, leastMs] = [durationMs(rules.within ?? ''), durationMs(least ?? '')];
  const isShort = names.length === 1 && ms !== null && leastMs !== null && ms < leastMs;
  return isShort ? { problem: 'too-short' } : { value: rules };
}

export type Problems = { readonly [F in Field]?: Problem };
export interface Written {
  readonly overrides: OverridesView;
  readonly problems: Problems;
}
export type Bounds = Pick<TenantMayView, 'every' | 'keep'>;
export const UNBOUND: Bounds = { every: null, keep: null };

/** A draft as the API takes it, and what keeps a field from being written. What is as the policy says is left out. */
export function write(draft: OverridesDraft, bounds: Bounds, isZone: (name: string) => boolean): Written {
  const results: { readonly [F in Field]: Result<OverridesView[F]> | null } = {
    every: draft.every && every(draft.every, bounds.every),
    window: draft.window && window(draft.window),
    zone: draft.zone === null ? null : isZone(draft.zone) ? { value: draft.zone } : { problem: 'no-zone' },
    keep: draft.keep && keep(draft.keep, bounds.keep),
  };
  const overrides: Record<string, unknown> = {};
  const problems: Partial<Record<Field, Problem>> = {};
  for (const field of FIELDS) {
    const result = results[field];
    if (result === null) continue;
    if ('problem' in result) problems[field] = result.problem;
    else overrides[field] = result.value;
  }
  return { overrides: overrides as OverridesView, problems };
}

/** The zones that browsers know by name, and UTC, which they leave out. */
export const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Any name that the clocks of this browser take: older names too, which no list shows. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
