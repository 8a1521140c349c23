import type { HourOfStarts, RegionView, ScopeOverview } from '../../ports/listing.ts';
import { type As, viewInstant, viewMinute, viewOptional, viewReason } from '../api/view.ts';
import type { OverviewView, RegionView as RegionAnswer } from '../contract/overview.ts';
import type { ProjectNames } from '../project-names.ts';
import { actionFor } from './attention.ts';
import { viewListed } from './instance.ts';

/** A part of the daemon, as /readyz tells it. */
export interface HealthOfPart {
  readonly part: string;
  readonly ok: boolean;
  readonly detail: string;
}

const viewStarts = (starts: readonly HourOfStarts[]): RegionAnswer['starts'] =>
  starts.map(({ hourUtc, starts: n }) => ({ hour_at: viewInstant(hourUtc), starts: n }));

export function viewOverview(overview: ScopeOverview, as: As): OverviewView {
  const { language } = as;
  return {
    at: viewMinute(as.nowUtc),
    instances: overview.instances,
    counts: overview.counts,
    attention: overview.attention.map((listed) => ({
      instance: viewListed(listed, as),
      action: actionFor(listed.protection.because.rule),
    })),
    oldest: overview.oldest.map((listed) => viewListed(listed, as)),
    starts: viewStarts(overview.starts),
    failures: overview.failures.map(({ because, runs }) => ({ because: viewReason(because, language), runs })),
    quota: overview.short.map(({ projectId, because }) => ({
      project_id: projectId,
      because: viewReason(because, language),
    })),
    datastores: [...overview.datastores],
    policies: [...overview.policies],
  };
}

type Project = RegionView['projects'][number];
const trouble = ({ counts }: Project): number => counts.unprotected + counts.late;
const oldestFirst = (one: Project, other: Project): number =>
  (one.oldestPointUtc ?? Number.POSITIVE_INFINITY) - (other.oldestPointUtc ?? Number.POSITIVE_INFINITY) || 0;

/** What the store does not know of a region. */
export interface Beside {
  readonly health: readonly HealthOfPart[];
  readonly names: ProjectNames;
}

/** Projects with the most trouble first, then by their oldest point. */
export function viewRegion(region: RegionView, { health, names }: Beside, { nowUtc }: As): RegionAnswer {
  const worst = region.projects.toSorted(
    (one, other) =>
      trouble(other) - trouble(one) || oldestFirst(one, other) || (one.projectId < other.projectId ? -1 : 1),
  );
  return {
    at: viewMinute(nowUtc),
    projects: worst.map(({ projectId, instances, counts, oldestPointUtc }) => ({
      project_id: projectId,
      name: names.get(projectId) ?? null,
      instances,
      counts,
      oldest_point_at: viewOptional(oldestPointUtc),
    })),
    starts: viewStarts(region.starts),
    health: [...health],
  };
}
