import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Labelled {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong, and what to do. */
  readonly problem?: string | null | undefined;
  /** The label is for screen readers alone; where the place says it all. */
  readonly bare?: boolean;
}

export interface FieldProps extends Labelled {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search' | 'number' | 'datetime-local';
  readonly name?: string;
  readonly autocomplete?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly multiline?: boolean;
  readonly min?: number;
  readonly max?: number;
}

interface Parts {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

/** Label, control, hint and problem, tied together. */
function Frame({ label, hint, problem, bare, children }: Labelled & { children: (parts: Parts) => ComponentChildren }) {
  const id = useId();
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const parts = {
    id,
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? 'true' : undefined,
  } as const;
  return (
    <div class="field">
      <label for={id} class={bare ? 'unseen' : undefined}>
        {label}
      </label>
      {children(parts)}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Field({ label, hint, problem, bare = false, onInput, multiline, type = 'text', ...input }: FieldProps) {
  const listen = (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value);
  const common = { ...input, spellcheck: false, autocapitalize: 'none', onInput: listen } as const;
  return (
    <Frame label={label} hint={hint} problem={problem} bare={bare}>
      {(parts) => {
        if (multiline) return <textarea {...parts} rows={4} name={input.name} value={input.value} onInput={listen} />;
        // One element a type: some take what others do not, and the compiler knows.
        if (type === 'password') return <input type="password" {...parts} {...common} />;
        if (type === 'number') return <input type="number" {...parts} {...common} />;
        if (type === 'search') return <input type="search" {...parts} {...common} />;
        if (type === 'datetime-local') return <input type="datetime-local" {...parts} {...common} />;
        return <input type="text" {...parts} {...common} />;
      }}
    </Frame>
  );
}

export interface SelectProps<V extends string> extends Labelled {
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: string }[];
  readonly onChange: (value: V) => void;
}

export function Select<V extends string>({
  label,
  hint,
  problem,
  bare = false,
  value,
  options,
  onChange,
}: SelectProps<V>) {
  return (
    <Frame label={label} hint={hint} problem={problem} bare={bare}>
      {(parts) => (
        <select
          {...parts}
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = options[currentTarget.selectedIndex];
            if (chosen) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}
