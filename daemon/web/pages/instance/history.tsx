import { useEffect, useState } from 'preact/hooks';
import type { RunView } from '../../../http/contract/run.ts';
import { call } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { everywhere, may, meant } from '../../app/session.ts';
import { format } from '../../i18n/format.ts';
import { say } from '../../i18n/language.ts';
import {
  Button,
  type Column,
  FailureNote,
  Field,
  RunBadge,
  type RunState,
  Select,
  Skeleton,
  Table,
  Time,
  toast,
  told,
  wordsOf,
} from '../../ui/index.ts';
import type { Act } from './action.ts';
import { instantOf } from './instant.ts';
import { about } from './news.ts';

interface Filter {
  readonly state: RunState | '';
  readonly origin: RunView['origin'] | '';
  readonly since: string;
  readonly until: string;
}
const ALL: Filter = { state: '', origin: '', since: '', until: '' };
const PAGE = 20;

/** What became of each slot and each request, the newest first. */
export function History({ instanceId, act }: { readonly instanceId: string; readonly act: Act }) {
  const words = say.value.history;
  const [filter, setFilter] = useState(ALL);
  const [marker, setMarker] = useState<string | null>(null);
  const wanted = queryOf(instanceId, filter);
  const query = { ...wanted, limit: PAGE, marker };
  const { value, failure, loading, refresh } = useResource('GET v1/runs', { query }, about(instanceId));
  const change = (part: Partial<Filter>): void => {
    setFilter({ ...filter, ...part });
    setMarker(null);
  };
  const next = nextMarker(value?.runs_links ?? []);
  return (
    <section class="card" aria-labelledby="history-title">
      <header>
        <h2 id="history-title">{words.title}</h2>
        <a class="button small" href={csvOf(wanted)} download="runs.csv">
          {words.csv}
        </a>
      </header>
      <Filters filter={filter} onChange={change} />
      {failure && <FailureNote failure={failure} onRetry={refresh} />}
      {value === null && loading && <Skeleton />}
      {value?.runs.length === 0 && <p class="hint">{filter === ALL ? words.none : words.noneSuch}</p>}
      {value && value.runs.length > 0 && <Runs runs={value.runs} act={act} refresh={refresh} />}
      <div class="actions pages">
        {marker !== null && <Button onClick={() => setMarker(null)}>{words.newest}</Button>}
        {next !== null && <Button onClick={() => setMarker(next)}>{words.more}</Button>}
      </div>
    </section>
  );
}

const queryOf = (instanceId: string, { state, origin, since, until }: Filter) => ({
  ...(everywhere.value.all_projects && { all_projects: 'true' }),
  instance_id: instanceId,
  state: state || null,
  origin: origin || null,
  since_at: instantOf(since),
  until_at: instantOf(until),
});

/** The browser fetches it itself, with the session's cookie. */
function csvOf(query: ReturnType<typeof queryOf>): string {
  const set = Object.entries({ ...query, format: 'csv' }).filter((pair): pair is [string, string] => pair[1] !== null);
  const url = new URL('v1/runs', document.baseURI.replace(/#.*/, ''));
  url.search = new URLSearchParams(set).toString();
  return url.href;
}

function nextMarker(links: readonly { readonly rel: string; readonly href: string }[]): string | null {
  const next = links.find(({ rel }) => rel === 'next');
  return next === undefined ? null : new URL(next.href, document.baseURI).searchParams.get('marker');
}

interface FiltersProps {
  readonly filter: Filter;
  readonly onChange: (change: Partial<Filter>) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const words = say.value.history;
  const runs = say.value.states.run;
  const states = Object.keys(runs) as readonly RunState[];
  const origins = ['scheduled', 'on_demand'] as const;
  return (
    <div class="run-filters">
      <Select
        label={words.state}
        value={filter.state}
        options={[{ value: '', text: words.allStates }, ...states.map((value) => ({ value, text: runs[value] }))]}
        onChange={(state) => onChange({ state })}
      />
      <Select
        label={words.origin}
        value={filter.origin}
        options={[
          { value: '', text: words.allOrigins },
          ...origins.map((value) => ({ value, text: words.origins[value] })),
        ]}
        onChange={(origin) => onChange({ origin })}
      />
      <Field label={words.since} type="datetime-local" value={filter.since} onInput={(since) => onChange({ since })} />
      <Field label={words.until} type="datetime-local" value={filter.until} onInput={(until) => onChange({ until })} />
    </div>
  );
}

interface RunsProps {
  readonly runs: readonly RunView[];
  readonly act: Act;
  readonly refresh: () => void;
}

function Runs({ runs, act, refresh }: RunsProps) {
  const words = say.value.history;
  const kinds = say.value.chains.kinds;
  const columns: readonly Column<RunView>[] = [
    { key: 'slot', title: words.slot, cell: (run) => <Time at={run.slot_at} /> },
    { key: 'state', title: words.state, beside: true, cell: (run) => <RunBadge state={run.state} /> },
    {
      key: 'kind',
      title: words.kind,
      nowrap: true,
      cell: (run) => <Kind run={run} name={run.kind && kinds[run.kind]} />,
    },
    { key: 'origin', title: words.origin, cell: (run) => <Origin run={run} /> },
    { key: 'why', title: words.why, cell: (run) => (run.because ? told(run.because.text) : '') },
    { key: 'took', title: words.duration, numeric: true, nowrap: true, cell: took },
    {
      key: 'do',
      title: say.value.chains.actions,
      plain: true,
      cell: (run) => <Deeds run={run} act={act} refresh={refresh} />,
    },
  ];
  return <Table caption={words.title} captionHidden columns={columns} rows={runs} rowKey={({ id }) => id} />;
}

const took = ({ asked_at, ended_at }: RunView): string =>
  asked_at === null || ended_at === null ? '–' : format.value.duration(Date.parse(ended_at) - Date.parse(asked_at));

function Kind({ run, name }: { readonly run: RunView; readonly name: string | null }) {
  if (name === null) return <>–</>;
  return <span title={run.kind_because ? told(run.kind_because.text) : undefined}>{name}</span>;
}

function Origin({ run: { origin, requested_by, note } }: { readonly run: RunView }) {
  const words = say.value.history;
  const by = origin === 'on_demand' && requested_by ? words.askedBy(requested_by) : words.origins[origin];
  return (
    <>
      {by}
      {note ? <span class="hint"> {words.note(note)}</span> : null}
    </>
  );
}

function Deeds({ run, act, refresh }: Omit<RunsProps, 'runs'> & { readonly run: RunView }) {
  const words = say.value.history;
  const [busy, setBusy] = useState(false);
  const canStop = run.origin === 'on_demand' && run.state === 'claimed' && may('run:cancel');
  useEffect(() => setBusy(false), [run.state]);
  const stop = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('DELETE v1/runs/{id}', { id: run.id, query: meant.value });
    setBusy(false);
    if (answer.ok) toast(say.value.actions.now.stopped);
    else
      toast(
        [wordsOf(answer.failure).message, answer.failure.hint, answer.failure.requestId].filter(Boolean).join(' '),
        'bad',
      );
    refresh();
  };
  return (
    <span class="actions">
      <Button small kind="quiet" onClick={() => act({ kind: 'explain', at: run.slot_at })}>
        {words.explain}
      </Button>
      {canStop && (
        <Button small busy={busy} onClick={stop}>
          {words.stop}
        </Button>
      )}
    </span>
  );
}
