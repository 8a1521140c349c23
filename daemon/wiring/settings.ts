import type { Config } from '../config/schema.ts';
import type { EngineSettings } from '../engine/settings.ts';

/** What of the configuration the engine goes by. */
export function engineSettings(config: Config): EngineSettings {
  const { mode, policies, exclude, freeze, enrol_over, limits, quota, reconcile, prune, stuck_after } = config;
  return {
    observe: mode === 'observe',
    policies,
    exclude,
    freezes: freeze,
    enrolOverMs: enrol_over,
    caps: { concurrent: limits.concurrent, perProject: limits.concurrent_per_project },
    reserve: quota.reserve,
    onShortage: quota.on_shortage,
    reconcileMs: reconcile.every,
    vanishShare: reconcile.vanish,
    confirmGone: reconcile.confirm_gone,
    stuckAfterMs: stuck_after,
    pruneEveryMs: prune.every,
    graceMs: prune.grace,
    quarantineMs: prune.quarantine,
    lookedAt: prune.looked_at,
  };
}
