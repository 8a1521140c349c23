import type { InstanceRow } from '../../../http/contract/instance.ts';
import type { OverviewView } from '../../../http/contract/overview.ts';
import { href } from '../../app/route.ts';
import { HoursChart } from '../../charts/hours.tsx';
import { format } from '../../i18n/format.ts';
import { say } from '../../i18n/language.ts';
import { type Column, Icon, StateBadge, Table, Time, told } from '../../ui/index.ts';

export function Load({ starts }: Pick<OverviewView, 'starts'>) {
  const { overview } = say.value;
  const sum = starts.reduce((n, hour) => n + hour.starts, 0);
  return (
    <section class="card" aria-labelledby="load">
      <header>
        <h2 id="load">{overview.load}</h2>
        <span class="hint">{overview.loadSum({ n: sum })}</span>
      </header>
      <HoursChart hours={starts} title={overview.load} />
    </section>
  );
}

export function Failures({ failures }: Pick<OverviewView, 'failures'>) {
  const { overview } = say.value;
  return (
    <section class="card" aria-labelledby="failures">
      <h2 id="failures">{overview.failures}</h2>
      {failures.length === 0 && <p class="hint">{overview.failuresNone}</p>}
      <ul class="tally">
        {failures.map(({ because, runs }) => (
          <li key={because.text}>
            <span class="count">{format.value.number(runs)}</span>
            <span class="unseen">{overview.failureRuns({ n: runs })}</span>
            <span>{told(because.text)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface QuotaProps extends Pick<OverviewView, 'quota'> {
  /** Of a region: where all is well it is said, and each is told whose it is. */
  readonly title: string;
  readonly none?: string;
}

export function Quota({ quota, title, none }: QuotaProps) {
  if (quota.length === 0 && none === undefined) return null;
  return (
    <section class="card" aria-labelledby="quota">
      <h2 id="quota">{title}</h2>
      {quota.length === 0 && <p class="hint">{none}</p>}
      <div class="stack">
        {quota.map(({ project_id, because }) => (
          <div class="note warn" key={project_id}>
            <Icon name="late" />
            <p>
              {none !== undefined && (
                <>
                  <a href={href(['instances'], { project_id })}>{project_id}</a>
                  {' · '}
                </>
              )}
              {told(because.text)}
            </p>
          </div>
        ))}
      </div>
    </section>
  );
}

export function OldestPoints({
  instances,
  title,
}: {
  readonly instances: readonly InstanceRow[];
  readonly title: string;
}) {
  const { overview } = say.value;
  const columns: readonly Column<InstanceRow>[] = [
    {
      key: 'name',
      title: overview.instance,
      cell: ({ id, name }) => <a href={href(['instances', id])}>{name}</a>,
    },
    {
      key: 'state',
      title: overview.state,
      beside: true,
      cell: ({ protection }) => <StateBadge state={protection.state} />,
    },
    { key: 'age', title: overview.newest, cell: ({ newest_point_at }) => <Time at={newest_point_at} as="relative" /> },
  ];
  return (
    <section class="card" aria-labelledby="oldest">
      <h2 id="oldest">{title}</h2>
      {instances.length === 0 ? (
        <p class="hint">{overview.oldestNone}</p>
      ) : (
        <Table caption={title} captionHidden columns={columns} rows={instances} rowKey={({ id }) => id} />
      )}
    </section>
  );
}
