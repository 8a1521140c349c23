import type { OverviewView } from '../../../http/contract/overview.ts';
import { href } from '../../app/route.ts';
import { say } from '../../i18n/language.ts';
import { EmptyState, Reason, StateBadge, Time } from '../../ui/index.ts';
import { Mend } from './mend.tsx';

interface AttentionProps {
  readonly overview: OverviewView;
  readonly onDone: () => void;
}

const SHOWN = 8;

/** What is late or unprotected, why, and what mends it; the worst first. */
export function Attention({ overview: { attention, counts }, onDone }: AttentionProps) {
  const { overview } = say.value;
  const shown = attention.slice(0, SHOWN);
  const more = counts.late + counts.unprotected - shown.length;
  const seen = shown.filter(({ instance }) => instance.protection.state === 'unprotected').length;
  return (
    <section class="card" aria-labelledby="attention">
      <h2 id="attention">{overview.attention}</h2>
      {attention.length === 0 ? (
        <EmptyState icon="protected" title={overview.attentionNone} hint={overview.attentionNoneHint} />
      ) : (
        <ul class="attention">
          {shown.map(({ instance, action }) => (
            <li key={instance.id}>
              <div class="what">
                <p>
                  <StateBadge state={instance.protection.state} />
                  <a class="name" href={href(['instances', instance.id])}>
                    {instance.name}
                  </a>
                </p>
                <p class="hint">
                  <Reason reason={instance.protection.because} />
                </p>
                <p class="hint">
                  {instance.newest_point_at === null ? (
                    overview.noPoint
                  ) : (
                    <>
                      {overview.newest}: <Time at={instance.newest_point_at} as="relative" />
                    </>
                  )}
                </p>
              </div>
              <Mend instance={instance} action={action} onDone={onDone} />
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <p class="more">
          <a href={href(['instances'], { state: counts.unprotected > seen ? 'unprotected' : 'late' })}>
            {overview.attentionMore({ n: more })}
          </a>
        </p>
      )}
    </section>
  );
}
