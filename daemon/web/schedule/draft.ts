import type { OverridesView, ScheduleView } from '../../http/contract/schedule.ts';
import { type Amount, amountOf } from './duration.ts';

export const COUNTS = ['last', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type Count = (typeof COUNTS)[number];

/** What somebody types, kept as he typed it. An empty number: no such rule. */
export interface KeepDraft {
  readonly within: Amount;
  readonly counts: Readonly<Record<Count, string>>;
}
export type EveryDraft =
  | { readonly kind: 'day' }
  | { readonly kind: 'week' }
  | { readonly kind: 'time'; readonly time: Amount };

/** null: as the policy says. */
export interface OverridesDraft {
  readonly every: EveryDraft | null;
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly zone: string | null;
  readonly keep: KeepDraft | null;
}
export const FIELDS = ['every', 'window', 'zone', 'keep'] as const satisfies readonly (keyof OverridesDraft)[];
export type Field = (typeof FIELDS)[number];

type Values = Pick<ScheduleView['values'], Field>;

function everyDraft(every: string | null): EveryDraft {
  if (every === 'week') return { kind: 'week' };
  return every === null || every === 'day' ? { kind: 'day' } : { kind: 'time', time: amountOf(every) };
}

function windowDraft(window: string | null): { from: string; to: string } {
  const [from = '', to = ''] = (window ?? '').split('-');
  return { from, to };
}

function keepDraft(keep: Values['keep']): KeepDraft {
  const count = (name: Count): string => (keep?.[name] === undefined ? '' : String(keep[name]));
  return {
    within: keep?.within === undefined ? { n: '', unit: 'days' } : amountOf(keep.within),
    counts: {
      last: count('last'),
      daily: count('daily'),
      weekly: count('weekly'),
      monthly: count('monthly'),
      yearly: count('yearly'),
    },
  };
}

/** What a field begins with once somebody sets it for himself: what is in force. */
export function begun(values: Values): { readonly [F in Field]: NonNullable<OverridesDraft[F]> } {
  return {
    every: everyDraft(values.every),
    window: windowDraft(values.window ?? '22:00-06:00'),
    zone: values.zone ?? 'UTC',
    keep: keepDraft(values.keep ?? { within: 'P7D' }),
  };
}

export function draftOf({ every, window, zone, keep }: OverridesView): OverridesDraft {
  return {
    every: every === undefined ? null : everyDraft(every),
    window: window === undefined ? null : windowDraft(window),
    zone: zone ?? null,
    keep: keep === undefined ? null : keepDraft(keep),
  };
}
