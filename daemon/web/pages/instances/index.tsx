import { useRef } from 'preact/hooks';
import type { PageProps } from '../../app/pages.tsx';
import { amendQuery, route } from '../../app/route.ts';
import { say } from '../../i18n/language.ts';
import { Button, EmptyState, FailureNote, Select, Skeleton } from '../../ui/index.ts';
import { FILTERS, Filters, noFilters } from './filters.tsx';
import { CARD_PX, Fleet, ROW_PX } from './fleet.tsx';
import { type ListQuery, usePaging } from './paging.ts';
import { useNarrow, useView } from './view.ts';

const ASKED = [...FILTERS, 'sort_key', 'sort_dir', 'all_projects', 'project_id'] as const;
const SORTS = ['name', 'created_at', 'next_slot_at', 'newest_point_at'] as const;

/** Of what the address says, what the list is asked for. */
const queryOf = (query: Readonly<Record<string, string>>): ListQuery =>
  Object.fromEntries(ASKED.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

/** Where no heads of columns are seen to click on. */
function SortChoice() {
  const { instances, ui } = say.value;
  const { sort_key = 'name', sort_dir = 'asc' } = route.value.query;
  const keys = SORTS.map((value) => ({ value, text: instances.sorts[value] }));
  const ways = [
    { value: 'asc', text: ui.ascending },
    { value: 'desc', text: ui.descending },
  ];
  return (
    <div class="sort-choice">
      <Select
        label={instances.sort}
        value={sort_key}
        options={keys}
        onChange={(chosen) => amendQuery({ sort_key: chosen })}
      />
      <Select
        label={instances.direction}
        value={sort_dir}
        options={ways}
        onChange={(chosen) => amendQuery({ sort_dir: chosen })}
      />
    </div>
  );
}

export function InstancesPage({ route: { query } }: PageProps) {
  const { instances, overview } = say.value;
  const isNarrow = useNarrow('(max-width: 767px)');
  const rowPx = isNarrow ? CARD_PX : ROW_PX;
  const [place, view] = useView<HTMLDivElement>(rowPx);
  const { rows, failure, isFirst, isComplete, retry } = usePaging(queryOf(query), view.from, view.to);
  const isListed = useRef(false);
  isListed.current ||= !isFirst;
  const isFiltered = FILTERS.some((name) => query[name]);
  const shown = isComplete ? instances.shown({ n: rows.length }) : instances.shownMore({ n: rows.length });
  return (
    <>
      <div class="page-head">
        <h1>{instances.title}</h1>
        <p class="hint" role="status">
          {isFirst ? say.value.ui.loading : shown}
        </p>
      </div>
      <Filters isListed={isListed.current} />
      {isNarrow && <SortChoice />}
      {failure && <FailureNote failure={failure} onRetry={retry} />}
      <div ref={place}>
        {rows.length > 0 && <Fleet rows={rows} isComplete={isComplete} isStale={isFirst} view={view} rowPx={rowPx} />}
        {rows.length === 0 && isFirst && <Skeleton lines={10} />}
        {rows.length === 0 && isComplete && (
          <EmptyState
            icon={isFiltered ? 'search' : 'instances'}
            title={isFiltered ? instances.noMatch : overview.none}
            hint={isFiltered ? instances.noMatchHint : overview.noneHint}
          >
            {isFiltered && <Button onClick={() => amendQuery(noFilters)}>{instances.clear}</Button>}
          </EmptyState>
        )}
      </div>
    </>
  );
}
