// biome-ignore-all lint/a11y/noRedundantRoles: drawn as a grid and as cards, the elements of a table lose what they are
// biome-ignore-all lint/a11y/useSemanticElements: drawn as a grid and as cards, the elements of a table lose what they are
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { InstanceRow } from '../../../http/contract/instance.ts';
import { amendQuery, href, route } from '../../app/route.ts';
import { say } from '../../i18n/language.ts';
import { Icon, RunBadge, StateBadge, Time, told } from '../../ui/index.ts';
import type { View } from './view.ts';

/** Held by the styles: `.fleet` has rows of these heights. */
export const ROW_PX = 48;
export const CARD_PX = 118;
const HEAD_PX = 150;

type SortKey = 'name' | 'next_slot_at' | 'newest_point_at';

function Head({ sort, children }: { readonly sort?: SortKey; readonly children: ComponentChildren }) {
  const { sort_key = 'name', sort_dir = 'asc' } = route.value.query;
  const isSorted = sort !== undefined && sort === sort_key;
  const turn = (): void => amendQuery({ sort_key: sort, sort_dir: isSorted && sort_dir === 'asc' ? 'desc' : 'asc' });
  const order = sort_dir === 'asc' ? 'ascending' : 'descending';
  return (
    <th role="columnheader" scope="col" aria-sort={isSorted ? order : undefined}>
      {sort ? (
        <button type="button" class="sort" onClick={turn}>
          {children}
          {isSorted && <Icon name={sort_dir === 'asc' ? 'up' : 'down'} />}
        </button>
      ) : (
        children
      )}
    </th>
  );
}

function Row({ row, index }: { readonly row: InstanceRow; readonly index: number }) {
  const { instances } = say.value;
  const { id, name, protection, datastore, policy, newest_point_at, next_slot_at, last_run } = row;
  const store = `${datastore.type} ${datastore.version}`;
  const why = told(protection.because.text);
  return (
    <tr role="row" aria-rowindex={index + 2}>
      <th role="rowheader" scope="row">
        <a href={href(['instances', id])} data-row={index} title={`${name} · ${id}`}>
          {name}
        </a>
      </th>
      <td role="cell">
        <StateBadge state={protection.state} />
      </td>
      <td role="cell" class="why" title={why}>
        {protection.state !== 'protected' ? (
          why
        ) : (
          <span class="as-card">{[store, policy].filter(Boolean).join(' · ')}</span>
        )}
      </td>
      <td role="cell" class="store">
        {store}
      </td>
      <td role="cell" class="policy">
        {policy ?? <span class="faint">{say.value.ui.none}</span>}
      </td>
      <td role="cell" data-title={instances.newest}>
        <Time at={newest_point_at} as="relative" />
      </td>
      <td role="cell" data-title={instances.next}>
        {next_slot_at ? <Time at={next_slot_at} as="relative" /> : <span class="faint">{instances.noNext}</span>}
      </td>
      <td role="cell" class="last">
        {last_run && <RunBadge state={last_run.state} />}
      </td>
    </tr>
  );
}

const STEPS: Readonly<Record<string, (at: number, page: number, last: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: (_at, _page, last) => last,
};

/** Goes from row to row by the keyboard, however few of them are drawn. */
function useRowKeys(rows: number, rowPx: number) {
  const body = useRef<HTMLTableSectionElement>(null);
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const link = body.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!link) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = event.target instanceof HTMLElement ? Number(event.target.dataset['row'] ?? Number.NaN) : Number.NaN;
    const step = STEPS[event.key];
    if (!step || Number.isNaN(at) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const page = Math.max(1, Math.floor((innerHeight - HEAD_PX) / rowPx) - 1);
    const next = Math.min(rows - 1, Math.max(0, step(at, page, rows - 1)));
    wanted.current = next;
    const top = (body.current?.getBoundingClientRect().top ?? 0) + next * rowPx;
    if (top < HEAD_PX) scrollBy(0, top - HEAD_PX);
    else if (top + rowPx > innerHeight - rowPx) scrollBy(0, top + 2 * rowPx - innerHeight);
    const link = body.current?.querySelector<HTMLElement>(`[data-row="${next}"]`);
    if (link) {
      wanted.current = null;
      link.focus({ preventScroll: true });
    }
  };
  return { body, onKeyDown };
}

interface FleetProps {
  readonly rows: readonly InstanceRow[];
  readonly isComplete: boolean;
  readonly isStale: boolean;
  readonly view: View;
  readonly rowPx: number;
}

/** Only the rows in view are drawn; the rest is empty space of their height. */
export function Fleet({ rows, isComplete, isStale, view, rowPx }: FleetProps) {
  const { instances } = say.value;
  const from = Math.min(view.from, rows.length);
  const to = Math.min(view.to, rows.length);
  const { body, onKeyDown } = useRowKeys(rows.length, rowPx);
  return (
    <table class="fleet" role="table" aria-rowcount={isComplete ? rows.length + 1 : -1} aria-busy={isStale}>
      <caption class="unseen">{`${instances.title}. ${instances.keys}`}</caption>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          <Head sort="name">{instances.name}</Head>
          <Head>{instances.state}</Head>
          <Head>{instances.why}</Head>
          <Head>{instances.datastore}</Head>
          <Head>{instances.policy}</Head>
          <Head sort="newest_point_at">{instances.newest}</Head>
          <Head sort="next_slot_at">{instances.next}</Head>
          <Head>{instances.lastRun}</Head>
        </tr>
      </thead>
      <tbody
        role="rowgroup"
        ref={body}
        onKeyDown={onKeyDown}
        style={{ paddingTop: `${from * rowPx}px`, paddingBottom: `${(rows.length - to) * rowPx}px` }}
      >
        {rows.slice(from, to).map((row, i) => (
          <Row key={row.id} row={row} index={from + i} />
        ))}
      </tbody>
    </table>
  );
}
