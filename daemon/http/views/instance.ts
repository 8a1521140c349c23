import type { InstanceFacts, InstanceSort, ListedInstance } from '../../ports/listing.ts';
import { type As, viewAge, viewInstant, viewOptional, viewReason } from '../api/view.ts';
import type { INSTANCE_SORTS, InstanceDetail, InstanceRow } from '../contract/instance.ts';
import { shownOfFacts } from './facts-schedule.ts';
import { viewSchedule } from './schedule.ts';

export const SORTS = {
  name: 'name',
  created_at: 'created',
  next_slot_at: 'next',
  newest_point_at: 'point',
} as const satisfies Readonly<Record<(typeof INSTANCE_SORTS)[number], InstanceSort>>;

export function viewListed(listed: ListedInstance, { language, nowUtc }: As): InstanceRow {
  const { instance, protection, newestPointUtc, lastRun } = listed;
  return {
    id: instance.id,
    project_id: instance.projectId,
    name: instance.name,
    datastore: instance.datastore,
    status: instance.status,
    created_at: viewInstant(instance.createdUtc),
    gone_at: viewOptional(listed.goneUtc),
    replica_of: instance.replicaOf,
    cluster_id: instance.clusterId,
    protection: { state: protection.state, because: viewReason(protection.because, language) },
    policy: listed.policy,
    next_slot_at: viewOptional(listed.nextSlotUtc),
    newest_point_at: viewOptional(newestPointUtc),
    newest_point_age: newestPointUtc === null ? null : viewAge(nowUtc - newestPointUtc),
    last_run: lastRun && { id: lastRun.id, slot_at: viewInstant(lastRun.slotUtc), state: lastRun.state },
  };
}

/** As seen from `/v1/instances/{id}`. */
const linksOf = (id: string): InstanceDetail['links'] => [
  { rel: 'self', href: id },
  { rel: 'schedule', href: `${id}/schedule` },
  { rel: 'backups', href: `${id}/backups` },
  { rel: 'explain', href: `${id}/explain` },
  { rel: 'runs', href: `../runs?instance_id=${id}` },
];

export function viewFacts(facts: InstanceFacts, as: As): InstanceDetail {
  const { language } = as;
  const { quota, schedule, refused } = facts;
  const shown = shownOfFacts(facts);
  return {
    ...viewListed(facts, as),
    schedule: shown && viewSchedule(shown, language),
    chains: facts.chains.map((chain) => ({
      full_backup_id: chain.fullBackupId,
      started_at: viewInstant(chain.startedUtc),
      newest_at: viewInstant(chain.newestUtc),
      incrementals: chain.incrementals,
    })),
    quota: {
      limit: quota.limit,
      short: quota.short && viewReason(quota.short, language),
      adapted: (schedule?.adapted ?? []).map((reason) => viewReason(reason, language)),
      refused: refused && viewReason(refused, language),
    },
    holds: facts.holds,
    marked: facts.marks,
    links: linksOf(facts.instance.id),
  };
}
