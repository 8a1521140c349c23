import { href, type Query } from '../../app/route.ts';
import { type Counts, ShareBar } from '../../charts/share-bar.tsx';
import { format } from '../../i18n/format.ts';
import { say } from '../../i18n/language.ts';
import { Icon, PROTECTION_ORDER, Time } from '../../ui/index.ts';

export interface Sentence {
  readonly tone: 'protected' | 'late' | 'unprotected' | 'excluded';
  readonly text: string;
}

/** Of those that have a schedule: who is paused or left out is told apart. */
export function inNeed(counts: Counts): { readonly n: number; readonly of: number } {
  const n = counts.late + counts.unprotected;
  return { n, of: n + counts.protected };
}

export function sentenceOf(counts: Counts): Sentence {
  const { overview } = say.value;
  const { n, of } = inNeed(counts);
  if (n > 0) return { tone: counts.unprotected > 0 ? 'unprotected' : 'late', text: overview.some({ n, of }) };
  return of > 0 ? { tone: 'protected', text: overview.all({ n: of }) } : { tone: 'excluded', text: overview.none };
}

/** Each state with its number; each a way to the list of those. */
export function StateLinks({ counts, query = {} }: { readonly counts: Counts; readonly query?: Query }) {
  return (
    <ul class="state-links">
      {PROTECTION_ORDER.map((state) => (
        <li key={state}>
          <a
            href={href(['instances'], { ...query, state })}
            class={`state-link ${state}${counts[state] === 0 ? ' zero' : ''}`}
          >
            <Icon name={state} />
            <span class="count">{format.value.number(counts[state])}</span>
            <span>{say.value.states.protection[state]}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

interface HeadlineProps {
  readonly sentence: Sentence;
  readonly counts: Counts;
  readonly at: string;
  readonly query?: Query;
}

/** Is everything protected? One look. */
export function Headline({ sentence, counts, at, query = {} }: HeadlineProps) {
  const { overview } = say.value;
  const outside = counts.paused + counts.excluded;
  return (
    <section class="card headline" aria-labelledby="headline">
      <div class={`answer ${sentence.tone}`}>
        <span class="sign">
          <Icon name={sentence.tone} />
        </span>
        <div>
          <h1 id="headline">{sentence.text}</h1>
          <p class="hint">
            {outside > 0 && `${overview.outside({ n: outside })} `}
            {overview.asOf} <Time at={at} as="clock" />
          </p>
        </div>
      </div>
      <ShareBar counts={counts} />
      <StateLinks counts={counts} query={query} />
    </section>
  );
}
