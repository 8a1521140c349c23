import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { PolicyValues, TenantMayView } from '../../http/contract/schedule.ts';
import { language, say } from '../i18n/language.ts';
import { Field, Select } from '../ui/index.ts';
import { AmountField } from './amount-field.tsx';
import {
  begun,
  COUNTS,
  type EveryDraft,
  FIELDS,
  type KeepDraft,
  type Field as Name,
  type OverridesDraft,
} from './draft.ts';
import { durationWords } from './duration.ts';
import type { Problems } from './written.ts';
import { ZoneField } from './zone-field.tsx';

interface EditorProps {
  readonly draft: OverridesDraft;
  readonly onChange: (change: Partial<OverridesDraft>) => void;
  readonly problems: Problems;
  /** What is in force, for a field that somebody begins to set; null where nothing is known of it. */
  readonly values: PolicyValues | null;
  /** The operator's bounds; null: there are none. */
  readonly bounds: TenantMayView | null;
}

const FALLBACK: PolicyValues = {
  every: 'day',
  cron: null,
  rrule: null,
  zone: 'UTC',
  window: '22:00-06:00',
  spread: null,
  full_every: 'P7D',
  full_on: null,
  max_incrementals: 6,
  first_within: 'PT15M',
  catch_up: 'window',
  keep: { within: 'P7D' },
  minimum_fulls: 1,
  on_delete: null,
  anchor: true,
};

const isOpen = (bounds: TenantMayView | null, field: Name): boolean =>
  bounds === null || (field === 'window' || field === 'zone' ? bounds[field] : bounds[field] !== null);

/** What may be set, each either as the policy says or a value of one's own; what may not be is shown with why. */
export function OverridesEditor({ draft, onChange, problems, values, bounds }: EditorProps) {
  const words = say.value.schedule;
  const first = begun(values ?? FALLBACK);
  return (
    <div class="overrides">
      {FIELDS.map((field) => (
        <Choice
          key={field}
          name={words.fields[field]}
          isOwn={draft[field] !== null}
          isOpen={isOpen(bounds, field)}
          onOwn={(isOwn) => onChange({ [field]: isOwn ? first[field] : null })}
        >
          <Value {...{ field, draft, onChange, problems, bounds }} />
        </Choice>
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly isOwn: boolean;
  readonly isOpen: boolean;
  readonly onOwn: (isOwn: boolean) => void;
  readonly children: ComponentChildren;
}

function Choice({ name, isOwn, isOpen: open, onOwn, children }: ChoiceProps) {
  const words = say.value.schedule;
  const id = useId();
  return (
    <fieldset class="choice">
      <legend>{name}</legend>
      {!open && <p class="hint">{words.locked}</p>}
      {(open || isOwn) && (
        <div class="segments">
          {[false, true].map((value) => (
            <label key={String(value)}>
              <input
                type="radio"
                name={id}
                checked={isOwn === value}
                disabled={value && !open}
                onChange={() => onOwn(value)}
              />
              <span>{value ? words.own : words.asPolicy}</span>
            </label>
          ))}
        </div>
      )}
      {isOwn && children}
    </fieldset>
  );
}

interface ValueProps extends Omit<EditorProps, 'values'> {
  readonly field: Name;
}

function Value({ field, draft, onChange, problems, bounds }: ValueProps) {
  const words = say.value.schedule;
  const problem = problems[field];
  const text = problem === undefined ? null : words.problems[problem];
  if (field === 'every' && draft.every) {
    const hint = bounds?.every ? words.atLeastEvery(durationWords(bounds.every, language.value)) : null;
    return <Every value={draft.every} problem={text} hint={hint} onChange={(every) => onChange({ every })} />;
  }
  if (field === 'window' && draft.window) {
    return <Window value={draft.window} problem={text} onChange={(window) => onChange({ window })} />;
  }
  if (field === 'zone' && draft.zone !== null) {
    return <ZoneField value={draft.zone} problem={text} onInput={(zone) => onChange({ zone })} />;
  }
  if (field === 'keep' && draft.keep) {
    const hint = bounds?.keep ? words.keepAtLeast(durationWords(bounds.keep, language.value)) : null;
    return <Keep value={draft.keep} problem={text} hint={hint} onChange={(keep) => onChange({ keep })} />;
  }
  return null;
}

interface PartProps<T> {
  readonly value: T;
  readonly problem: string | null;
  readonly hint?: string | null;
  readonly onChange: (value: T) => void;
}
const KINDS = ['day', 'week', 'time'] as const;

function Every({ value, problem, hint, onChange }: PartProps<EveryDraft>) {
  const words = say.value.schedule;
  const choose = (kind: EveryDraft['kind']): void =>
    onChange(kind === 'time' ? { kind, time: { n: '6', unit: 'hours' } } : { kind });
  return (
    <>
      <Select
        label={words.fields.every}
        bare
        value={value.kind}
        options={KINDS.map((kind) => ({ value: kind, text: words.every[kind] }))}
        onChange={choose}
        problem={value.kind === 'time' ? null : problem}
      />
      {value.kind === 'time' && (
        <AmountField label={words.every.time} value={value.time} onInput={(time) => onChange({ kind: 'time', time })} />
      )}
      {value.kind === 'time' && problem && <p class="problem">{problem}</p>}
      {hint && <p class="hint">{hint}</p>}
    </>
  );
}

function Window({ value, problem, onChange }: PartProps<{ readonly from: string; readonly to: string }>) {
  const words = say.value.schedule;
  return (
    <>
      <div class="pair">
        <Field
          label={words.from}
          value={value.from}
          placeholder="22:00"
          onInput={(from) => onChange({ ...value, from })}
        />
        <Field label={words.to} value={value.to} placeholder="06:00" onInput={(to) => onChange({ ...value, to })} />
      </div>
      {problem && <p class="problem">{problem}</p>}
      <p class="hint">{words.windowHint}</p>
    </>
  );
}

function Keep({ value, problem, hint, onChange }: PartProps<KeepDraft>) {
  const words = say.value.schedule;
  return (
    <>
      <AmountField label={words.keepWithin} value={value.within} onInput={(within) => onChange({ ...value, within })} />
      <div class="pair">
        {COUNTS.map((count) => (
          <Field
            key={count}
            label={words.keepCounts[count]}
            value={value.counts[count]}
            onInput={(n) => onChange({ ...value, counts: { ...value.counts, [count]: n } })}
          />
        ))}
      </div>
      {problem && <p class="problem">{problem}</p>}
      <p class="hint">{[words.keepHint, hint].filter(Boolean).join(' ')}</p>
    </>
  );
}
