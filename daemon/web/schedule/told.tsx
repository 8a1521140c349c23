import { useId, useState } from 'preact/hooks';
import type { PolicyValues, ScheduleView } from '../../http/contract/schedule.ts';
import { language, say } from '../i18n/language.ts';
import { sentenceOf } from './sentence.ts';

type Sources = ScheduleView['sources'];

export function sourceWords(source: Sources[string] | undefined): string {
  const words = say.value.schedule.sources;
  if (source === undefined) return words.unknown;
  const { layer, policy } = source;
  return layer === 'operator' || layer === 'project' ? words[layer](policy ?? '') : words[layer];
}

/** A schedule in one sentence; each value tells on hover and focus where it comes from. */
export function Told({ values, sources }: { readonly values: PolicyValues; readonly sources: Sources }) {
  const words = say.value.schedule;
  const id = useId();
  const [at, point] = useState<keyof PolicyValues | null>(null);
  return (
    <div class="told">
      <p class="sentence">
        {sentenceOf(values, language.value).map(({ text, field }) =>
          field === null ? (
            text
          ) : (
            <Value key={field} {...{ text, id }} isAt={field === at} onPoint={(isAt) => point(isAt ? field : null)} />
          ),
        )}
      </p>
      <p class="hint" id={id}>
        {at === null ? words.whereFrom : words.sourceOf({ value: words.fields[at], source: sourceWords(sources[at]) })}
      </p>
    </div>
  );
}

interface ValueProps {
  readonly text: string;
  readonly id: string;
  readonly isAt: boolean;
  readonly onPoint: (isAt: boolean) => void;
}

function Value({ text, id, isAt, onPoint }: ValueProps) {
  const [lead = '', word = text] = /^([,;]? ?)(.*)$/s.exec(text)?.slice(1) ?? [];
  return (
    <>
      {lead}
      <button
        type="button"
        class="value"
        aria-describedby={isAt ? id : undefined}
        onFocus={() => onPoint(true)}
        onBlur={() => onPoint(false)}
        onPointerEnter={() => onPoint(true)}
        onPointerLeave={() => onPoint(false)}
      >
        {word}
      </button>
    </>
  );
}
