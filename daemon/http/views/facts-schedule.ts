import { adaptedValues, operatorsAlone, TENANT_MAY, TENANT_MAY_NOTHING } from '../../../lib/core/index.ts';
import type { InstanceFacts } from '../../ports/listing.ts';
import type { ShownSchedule } from '../../ports/schedules.ts';

/** The schedule of an instance as its own route shows it; null where it has none. */
export function shownOfFacts({ instance, schedule, pause, nextSlotUtc }: InstanceFacts): ShownSchedule | null {
  if (!schedule) return null;
  const { configured, policy, adapted, because, said, revision } = schedule;
  const plain = { sources: operatorsAlone(policy.name), tenantMay: TENANT_MAY, because: [] };
  const [selects] = because;
  const vanished = { ...plain, tenantMay: TENANT_MAY_NOTHING };
  const layers = selects?.rule === 'policy-vanished' ? vanished : (schedule.layers ?? plain);
  return {
    instanceId: instance.id,
    projectId: instance.projectId,
    enabled: true,
    saysEnabled: said?.enabled ?? true,
    policy,
    sources: layers.sources,
    byQuota: adaptedValues(configured, policy),
    overrides: said?.overrides ?? {},
    tenantMay: layers.tenantMay,
    pause,
    nextSlotUtc,
    because: [...(selects ? [selects] : []), ...layers.because, ...adapted],
    revision,
  };
}
