import type { RegionView } from '../../../http/contract/overview.ts';
import { useResource } from '../../api/resource.ts';
import { href } from '../../app/route.ts';
import { HeatMap } from '../../charts/heat-map.tsx';
import { type Counts, countsInWords, ShareBar } from '../../charts/share-bar.tsx';
import { format } from '../../i18n/format.ts';
import { say } from '../../i18n/language.ts';
import { type Column, FailureNote, Skeleton, Table, Time } from '../../ui/index.ts';
import { Headline, inNeed, sentenceOf } from '../overview/headline.tsx';
import { OldestPoints, Quota } from '../overview/sections.tsx';
import { Health } from './health.tsx';

type Project = RegionView['projects'][number];

function sumOf(projects: readonly Project[]): Counts {
  const sum = { protected: 0, late: 0, unprotected: 0, paused: 0, excluded: 0 };
  for (const { counts } of projects)
    for (const state of Object.keys(sum) as (keyof Counts)[]) sum[state] += counts[state];
  return sum;
}

function Projects({ projects }: Pick<RegionView, 'projects'>) {
  const { region } = say.value;
  const worst = [...projects].sort((a, b) => inNeed(b.counts).n - inNeed(a.counts).n || b.instances - a.instances);
  const columns: readonly Column<Project>[] = [
    {
      key: 'project',
      title: region.project,
      cell: ({ project_id, name }) => <a href={href(['instances'], { project_id })}>{name ?? project_id}</a>,
    },
    {
      key: 'instances',
      title: region.instances,
      numeric: true,
      cell: ({ instances }) => format.value.number(instances),
    },
    {
      key: 'states',
      title: region.states,
      cell: ({ counts }) => (
        <div class="states-cell">
          <ShareBar counts={counts} thin />
          <span class="hint">{countsInWords(counts)}</span>
        </div>
      ),
    },
    { key: 'oldest', title: region.oldest, cell: ({ oldest_point_at }) => <Time at={oldest_point_at} as="relative" /> },
  ];
  return (
    <section class="card" aria-labelledby="projects">
      <h2 id="projects">{region.projects}</h2>
      <Table caption={region.projects} captionHidden columns={columns} rows={worst} rowKey={(row) => row.project_id} />
    </section>
  );
}

/** For an admin: all projects at once. */
export function RegionPage() {
  const { value, failure, refresh } = useResource('GET v1/region', {});
  const overview = useResource('GET v1/overview', { query: { all_projects: true } });
  const { shell, region } = say.value;
  if (!value)
    return (
      <>
        <h1 class="unseen">{shell.region}</h1>
        {failure ? <FailureNote failure={failure} onRetry={refresh} /> : <Skeleton lines={8} />}
      </>
    );
  const counts = sumOf(value.projects);
  const { n, of } = inNeed(counts);
  const text = n > 0 ? region.some({ n, of }) : region.well({ n: of });
  return (
    <div class="stack">
      {failure && <FailureNote failure={failure} onRetry={refresh} />}
      <Headline
        sentence={{ ...sentenceOf(counts), text }}
        counts={counts}
        at={value.at}
        query={{ all_projects: 'true' }}
      />
      <div class="columns">
        <div class="stack">
          <section class="card" aria-labelledby="starts">
            <h2 id="starts">{region.starts}</h2>
            <HeatMap hours={value.starts} title={region.starts} />
          </section>
          <Projects projects={value.projects} />
        </div>
        <div class="stack">
          <Health health={value.health} />
          {overview.failure && <FailureNote failure={overview.failure} onRetry={overview.refresh} />}
          {overview.value && <Quota quota={overview.value.quota} title={region.quota} none={region.quotaNone} />}
          {overview.value && <OldestPoints instances={overview.value.oldest} title={region.worst} />}
        </div>
      </div>
    </div>
  );
}
