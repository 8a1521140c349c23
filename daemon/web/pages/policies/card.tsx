import type { ComponentChildren } from 'preact';
import type { PolicyView } from '../../../http/contract/policy.ts';
import type { OverridesView, TenantMayView } from '../../../http/contract/schedule.ts';
import { language, say } from '../../i18n/language.ts';
import { durationWords } from '../../schedule/duration.ts';
import { Lint } from '../../schedule/preview.tsx';
import { keepWords, sentenceOf } from '../../schedule/sentence.ts';

/** One policy: whom it selects, what it says, and of the operator's what one may change. */
export function PolicyCard({
  policy,
  children,
}: {
  readonly policy: PolicyView;
  readonly children?: ComponentChildren;
}) {
  const words = say.value.policies;
  const { name, select, values, overrides, tenant_may, instances, lint } = policy;
  return (
    <article class="card policy">
      <header>
        <h3>{name}</h3>
        {children}
      </header>
      {values && (
        <p class="sentence">
          {sentenceOf(values, language.value)
            .map(({ text }) => text)
            .join('')}
        </p>
      )}
      <dl class="facts">
        <div>
          <dt>{words.selects}</dt>
          <dd>{selection(select)}</dd>
        </div>
        {overrides && (
          <div>
            <dt>{words.says}</dt>
            <dd>{overridesWords(overrides)}</dd>
          </div>
        )}
        {tenant_may && (
          <div>
            <dt>{words.tenantMay}</dt>
            <dd>{boundsWords(tenant_may)}</dd>
          </div>
        )}
      </dl>
      <p class="hint">{words.instances(instances)}</p>
      <Lint of={lint} />
    </article>
  );
}

function selection({ names, datastores }: PolicyView['select']): string {
  const words = say.value.policies;
  const parts = [
    names.length > 0 && `${words.selectNames}: ${names.join(', ')}`,
    datastores.length > 0 && `${words.selectDatastores}: ${datastores.join(', ')}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? words.selectsAll : parts.join('; ');
}

function overridesWords({ every, window, zone, keep }: OverridesView): string {
  const { fields, every: names } = say.value.schedule;
  const often = every === 'day' || every === 'week' ? names[every] : every && durationWords(every, language.value);
  const parts = [
    often && `${fields.every}: ${often}`,
    window && `${fields.window}: ${window}`,
    zone && `${fields.zone}: ${zone}`,
    keep && `${fields.keep}: ${keepWords(keep, language.value)}`,
  ].filter(Boolean);
  return parts.length === 0 ? say.value.policies.saysNothing : parts.join('; ');
}

function boundsWords(may: TenantMayView): string {
  const { fields, atLeastEvery, keepAtLeast, pause } = say.value.schedule;
  const words = (duration: string): string => durationWords(duration, language.value);
  const parts = [
    may.every && `${fields.every}: ${atLeastEvery(words(may.every))}`,
    may.window && fields.window,
    may.zone && fields.zone,
    may.keep && `${fields.keep}: ${keepAtLeast(words(may.keep))}`,
    may.opt_out && say.value.policies.optOut,
    may.pause && `${fields.pause}: ${pause.most(words(may.pause))}`,
  ].filter(Boolean);
  return parts.length === 0
    ? say.value.policies.tenantMayNothing
    : parts.map((part) => String(part).replace(/\.$/, '')).join('; ');
}
