import { DAY_MS } from './civil.ts';
import type { DurationMs } from './model.ts';
import type { Every, Overridable, Overrides } from './overrides.ts';
import { because, type Reason } from './reason.ts';

/** The bounds that an operator's policy sets to what its users change. */
export interface TenantMay {
  readonly window: boolean;
  readonly zone: boolean;
  /** Slots no closer than this; null: the interval is the operator's. */
  readonly every: DurationMs | null;
  /** Every recovery point for at least this long; null: what is kept is the operator's. */
  readonly keep: DurationMs | null;
  /** Whether an instance may be left without backups. */
  readonly optOut: boolean;
  /** Pauses no longer than this; null: none. */
  readonly pause: DurationMs | null;
}

/** Where a policy says nothing: when backups are made, but not whether, how often, and for how long they are kept. */
export const TENANT_MAY: TenantMay = {
  window: true,
  zone: true,
  every: null,
  keep: null,
  optOut: false,
  pause: null,
};

/** Of a policy that is not configured any more. */
export const TENANT_MAY_NOTHING: TenantMay = { ...TENANT_MAY, window: false, zone: false };

export type OutOfBounds = Extract<
  Reason,
  { rule: 'override-not-allowed' | 'override-too-often' | 'override-keeps-too-little' | 'pause-too-long' }
>;

interface Bounds {
  readonly may: TenantMay;
  /** The name of the policy that sets them. */
  readonly policy: string;
}

const gapMs = (every: Every): DurationMs => (every === 'day' ? DAY_MS : every === 'week' ? 7 * DAY_MS : every);
const notAllowed = (what: Overridable | 'enabled' | 'pause', { policy }: Bounds): OutOfBounds =>
  because('override-not-allowed', { what, policy });

type Judge<K extends Overridable> = (value: NonNullable<Overrides[K]>, bounds: Bounds) => OutOfBounds | null;

const JUDGES: { readonly [K in Overridable]: Judge<K> } = {
  every(value, bounds) {
    const leastMs = bounds.may.every;
    if (leastMs === null) return notAllowed('every', bounds);
    const everyMs = gapMs(value);
    return everyMs < leastMs ? because('override-too-often', { everyMs, leastMs, policy: bounds.policy }) : null;
  },
  window: (_, bounds) => (bounds.may.window ? null : notAllowed('window', bounds)),
  zone: (_, bounds) => (bounds.may.zone ? null : notAllowed('zone', bounds)),
  // Numbers and periods keep as much time as backups happen to be apart: only a window holds whatever is made.
  keep({ withinMs }, bounds) {
    const leastMs = bounds.may.keep;
    if (leastMs === null) return notAllowed('keep', bounds);
    if (withinMs !== undefined && withinMs >= leastMs) return null;
    return because('override-keeps-too-little', { withinMs: withinMs ?? null, leastMs, policy: bounds.policy });
  },
};

/** Why a value may not be set; null where it may, or none is given. */
export function outOfBounds<K extends Overridable>(of: K, overrides: Overrides, bounds: Bounds): OutOfBounds | null {
  const value = overrides[of];
  return value === undefined ? null : (JUDGES[of] as Judge<K>)(value as NonNullable<Overrides[K]>, bounds);
}

/** Why an instance may not be left without backups. */
export const optOutForbidden = (bounds: Bounds): OutOfBounds | null =>
  bounds.may.optOut ? null : notAllowed('enabled', bounds);

/** Why a pause of that length may not be. */
export function pauseForbidden(forMs: DurationMs, bounds: Bounds): OutOfBounds | null {
  const mostMs = bounds.may.pause;
  if (mostMs === null) return notAllowed('pause', bounds);
  return forMs > mostMs ? because('pause-too-long', { forMs, mostMs, policy: bounds.policy }) : null;
}
