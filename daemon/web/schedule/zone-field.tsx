import { useId } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { ZONES } from './written.ts';

interface ZoneFieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly problem: string | null;
}

/** Any zone that this browser knows, found by a part of its name. */
export function ZoneField({ value, onInput, problem }: ZoneFieldProps) {
  const id = useId();
  const { fields, zoneHint } = say.value.schedule;
  return (
    <div class="field">
      <label for={id}>{fields.zone}</label>
      <input
        id={id}
        list={`${id}-zones`}
        value={value}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${id}-problem ${id}-hint` : `${id}-hint`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <datalist id={`${id}-zones`}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      <p class="hint" id={`${id}-hint`}>
        {zoneHint}
      </p>
    </div>
  );
}
