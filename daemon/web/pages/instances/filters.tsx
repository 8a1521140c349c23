import { useEffect, useRef, useState } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { amendQuery, route } from '../../app/route.ts';
import { may, session } from '../../app/session.ts';
import { say } from '../../i18n/language.ts';
import { Field, PROTECTION_ORDER, Select } from '../../ui/index.ts';

const TYPING_MS = 250;
/** Typed letter by letter, asked for when the typing rests; `/` goes there from anywhere. */
function Search() {
  const { instances } = say.value;
  const asked = route.value.query['name'] ?? '';
  const [text, setText] = useState(asked);
  const box = useRef<HTMLDivElement>(null);
  const sent = useRef(asked);
  // What comes back is older than what was typed since; only what came from elsewhere takes its place.
  useEffect(() => {
    if (asked !== sent.current) setText(asked);
    sent.current = asked;
  }, [asked]);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text.trim() === asked) return;
      sent.current = text.trim();
      amendQuery({ name: sent.current });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, asked]);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select, dialog');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      box.current?.querySelector('input')?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <div class="search" ref={box}>
      <Field
        label={instances.search}
        bare
        type="search"
        placeholder={instances.search}
        value={text}
        onInput={setText}
      />
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly text: string;
}

function Choice({
  name,
  label,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
}) {
  const value = route.value.query[name] ?? '';
  const all = options.some((option) => option.value === value) ? options : [...options, { value, text: value }];
  return (
    <Select bare label={label} value={value} options={all} onChange={(chosen) => amendQuery({ [name]: chosen })} />
  );
}

function ScopeChoice() {
  const { instances } = say.value;
  const { all_projects, project_id } = route.value.query;
  if (!session.value?.is_admin || !may('region:read')) return null;
  const other = project_id ? [{ value: project_id, text: instances.otherProject({ id: project_id }) }] : [];
  const options = [{ value: '', text: instances.ownProject }, { value: 'all', text: instances.allProjects }, ...other];
  const choose = (value: string): void => {
    const isAll = value === 'all';
    amendQuery({ all_projects: isAll ? 'true' : null, project_id: isAll ? null : value });
  };
  return (
    <Select
      bare
      label={instances.scope}
      value={all_projects ? 'all' : (project_id ?? '')}
      options={options}
      onChange={choose}
    />
  );
}

export const FILTERS = ['name', 'state', 'datastore', 'policy', 'deleted'] as const;
export const noFilters = Object.fromEntries(FILTERS.map((name) => [name, null]));

/** Offers what the instances have that the list is of; the list itself comes first. */
export function Filters({ isListed }: { readonly isListed: boolean }) {
  const { instances, states } = say.value;
  const { all_projects, project_id } = route.value.query;
  const query = { all_projects: all_projects ?? null, project_id: project_id ?? null };
  const { value } = useResource(
    'GET v1/overview',
    isListed ? { query } : null,
    ({ kind }) => kind === 'instance' || kind === 'policy',
  );
  const named = (names: readonly string[] = []): Option[] => names.map((name) => ({ value: name, text: name }));
  const inStates = PROTECTION_ORDER.map((value) => ({ value, text: states.protection[value] }));
  return (
    <div class="filters">
      <Search />
      <Choice name="state" label={instances.state} options={[{ value: '', text: instances.anyState }, ...inStates]} />
      <Choice
        name="datastore"
        label={instances.datastore}
        options={[{ value: '', text: instances.anyDatastore }, ...named(value?.datastores)]}
      />
      <Choice
        name="policy"
        label={instances.policy}
        options={[{ value: '', text: instances.anyPolicy }, ...named(value?.policies)]}
      />
      <Choice
        name="deleted"
        label={instances.presence}
        options={[
          { value: '', text: instances.present },
          { value: 'true', text: instances.gone },
        ]}
      />
      <ScopeChoice />
    </div>
  );
}
