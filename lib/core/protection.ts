import type { DurationMs, Instant, RunState } from './model.ts';
import { because, type Reason } from './reason.ts';

/** How well an instance is off. `late`: its newest recovery point is older than one and a half intervals. */
export type ProtectionState = 'protected' | 'late' | 'unprotected' | 'paused' | 'excluded';

export interface Protection {
  readonly state: ProtectionState;
  readonly because: Reason;
}

/** The run of an instance's newest slot; `because` is how it ended, or what holds it. */
export interface LastRun {
  readonly slotUtc: Instant;
  readonly state: RunState;
  readonly because: Reason | null;
}

export type Protectable =
  | { readonly kind: 'paused' | 'excluded'; readonly because: Reason }
  | {
      readonly kind: 'scheduled';
      readonly intervalMs: DurationMs;
      readonly firstSlotUtc: Instant;
      readonly newestPointUtc: Instant | null;
      readonly lastRun: LastRun | null;
    };

/** Why there is no newer point. */
function whyNot({
  intervalMs,
  firstSlotUtc,
  newestPointUtc,
  lastRun,
}: Extract<Protectable, { kind: 'scheduled' }>): Reason {
  if (!lastRun) return because('first-not-due', { slotUtc: firstSlotUtc });
  const { state, slotUtc, because: reason } = lastRun;
  if (state === 'completed') {
    // Its point is there, but no slot has come since; or somebody has deleted it.
    if (newestPointUtc !== null && newestPointUtc >= slotUtc) return because('missed', {});
    return because('point-vanished', { slotUtc });
  }
  if (reason?.rule === 'credited') {
    // Begun before the slot that it satisfied; without it the newest point is of the slot before at best.
    if (newestPointUtc !== null && newestPointUtc > slotUtc - intervalMs) return because('missed', {});
    return because('credit-vanished', { backup: reason.params.backup, slotUtc });
  }
  if (reason === null || state === 'intent' || state === 'running') return because('under-way', { slotUtc });
  return reason.rule === 'expired' || reason.rule === 'window-ended' ? reason.params.held : reason;
}

/** The one state of an instance, and why: of one that lacks a point the reason of its last run, or of what holds it now. */
export function protection(it: Protectable, nowUtc: Instant): Protection {
  if (it.kind !== 'scheduled') return { state: it.kind, because: it.because };
  const { newestPointUtc, intervalMs } = it;
  if (newestPointUtc === null) return { state: 'unprotected', because: whyNot(it) };
  if (nowUtc - newestPointUtc > 1.5 * intervalMs) return { state: 'late', because: whyNot(it) };
  return { state: 'protected', because: because('recent-point', { pointUtc: newestPointUtc }) };
}
