import type { ShortageView } from '../../http/contract/schedule.ts';
import { language, say } from '../i18n/language.ts';
import { Reasons, told } from '../ui/index.ts';
import { sentenceOf } from './sentence.ts';

/** What is made where the quota does not hold what is wanted, beside that. */
export function Shortage({ of }: { readonly of: ShortageView | null }) {
  const words = say.value.schedule.shortage;
  if (of === null) return null;
  const { on_shortage: does, because, ask, fits, adapted, others_adapted: others, refused, instances } = of;
  return (
    <section class={`note ${fits && does === 'adapt' ? 'warn' : 'bad'} shortage`} aria-label={words.title}>
      <div class="stack">
        <h4>{ask === null ? words.calm : words.ask(ask)}</h4>
        <p>{told(because.text)}</p>
        <p>{does === 'refuse' ? words.refuse(refused) : words[does]}</p>
        {adapted.map(({ instances: count, wanted, because: less }) => (
          <dl key={JSON.stringify(wanted)} class="facts">
            <div>
              <dt>{words.wanted(count)}</dt>
              <dd>{sentence(wanted)}</dd>
            </div>
            <div>
              <dt>{words.made}</dt>
              <dd>
                <Reasons reasons={less} />
              </dd>
            </div>
          </dl>
        ))}
        {others > 0 && <p>{words.others(others)}</p>}
        {does === 'adapt' && !fits && <p>{words.tooMuch}</p>}
        {instances.looked_at < instances.total && (
          <p class="hint">
            {say.value.schedule.reckonedFor({ total: instances.total, lookedAt: instances.looked_at })}
          </p>
        )}
      </div>
    </section>
  );
}

const sentence = (values: ShortageView['adapted'][number]['wanted']): string =>
  sentenceOf(values, language.value)
    .map(({ text }) => text)
    .join('');
