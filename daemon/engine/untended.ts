import { because, type Instant, type Reason } from '../../lib/core/index.ts';
import type { Explainable } from '../ports/explain.ts';
import type { StandstillPort } from '../ports/standstills.ts';

/** Why nothing of an instance is pruned. */
export async function untended(
  standstills: Pick<StandstillPort, 'paused'>,
  instanceId: string,
  known: Explainable | null,
  nowUtc: Instant,
): Promise<Reason> {
  const pause = await standstills.paused(instanceId, nowUtc);
  if (pause) return because('paused', { ...pause });
  return known?.excludedBecause ?? known?.schedule?.because[0] ?? because('no-policy', {});
}
