import type { Config } from '../config/schema.ts';
import type { EngineSettings } from '../engine/settings.ts';

/** What of the configuration the engine goes by. */
export function engineSettings(config: Config): EngineSettings {
  const { mode, policies, exclude, freeze, enrol_over, limits, quota, reconcile, prune } = config;
  return {
    observe: mode === 'observe',
    policies,
    exclude,
    freezes: freeze,
    enrolOverMs: enrol_over,
    caps: { concurrent: limits.concurrent, perProject: limits.concurrent_per_project },
    reserve: quota.reserve,
    reconcileMs: reconcile.every,
    vanishShare: reconcile.vanish,
    confirmGone: reconcile.confirm_gone,
    graceMs: prune.grace,
    quarantineMs: prune.quarantine,
  };
}
