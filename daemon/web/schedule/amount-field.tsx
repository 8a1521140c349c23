import { useId } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import type { Amount, Unit } from './duration.ts';

interface AmountFieldProps {
  readonly label: string;
  readonly value: Amount;
  readonly onInput: (value: Amount) => void;
  readonly isWrong?: boolean;
  readonly hint?: string | null;
}
const USUAL = ['minutes', 'hours', 'days'] as const satisfies readonly Unit[];

/** A whole number of minutes, hours or days; of seconds where it is one already. */
export function AmountField({ label, value, onInput, isWrong = false, hint }: AmountFieldProps) {
  const id = useId();
  const { units, unit, problems } = say.value.schedule;
  const offered: readonly Unit[] = value.unit === 'seconds' ? ['seconds', ...USUAL] : USUAL;
  const described = [isWrong && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  return (
    <div class="field amount">
      <label for={id}>{label}</label>
      <div>
        <input
          id={id}
          inputMode="numeric"
          value={value.n}
          aria-invalid={isWrong ? 'true' : undefined}
          aria-describedby={described}
          onInput={({ currentTarget }) => onInput({ ...value, n: currentTarget.value })}
        />
        <select
          aria-label={`${label}: ${unit}`}
          value={value.unit}
          onChange={({ currentTarget }) => onInput({ ...value, unit: offered[currentTarget.selectedIndex] ?? 'days' })}
        >
          {offered.map((it) => (
            <option key={it} value={it} selected={it === value.unit}>
              {units[it]}
            </option>
          ))}
        </select>
      </div>
      {isWrong && (
        <p class="problem" id={`${id}-problem`}>
          {problems['no-number']}
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
