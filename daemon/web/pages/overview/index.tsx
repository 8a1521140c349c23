import { useResource } from '../../api/resource.ts';
import { say } from '../../i18n/language.ts';
import { EmptyState, FailureNote, Skeleton } from '../../ui/index.ts';
import { Attention } from './attention.tsx';
import { Headline, sentenceOf } from './headline.tsx';
import { Failures, Load, OldestPoints, Quota } from './sections.tsx';

export function OverviewPage() {
  const { value, failure, refresh } = useResource('GET v1/overview', {});
  const { shell, overview } = say.value;
  if (!value)
    return (
      <>
        <h1 class="unseen">{shell.overview}</h1>
        {failure ? <FailureNote failure={failure} onRetry={refresh} /> : <Skeleton lines={8} />}
      </>
    );
  if (value.instances === 0)
    return (
      <section class="card">
        <h1 class="unseen">{shell.overview}</h1>
        <EmptyState icon="instances" title={overview.none} hint={overview.noneHint} />
      </section>
    );
  return (
    <div class="stack">
      {failure && <FailureNote failure={failure} onRetry={refresh} />}
      <Headline sentence={sentenceOf(value.counts)} counts={value.counts} at={value.at} />
      <div class="columns">
        <Attention overview={value} onDone={refresh} />
        <div class="stack">
          <Load starts={value.starts} />
          <Failures failures={value.failures} />
          <Quota quota={value.quota} title={overview.quota} />
          <OldestPoints instances={value.oldest} title={overview.oldest} />
        </div>
      </div>
    </div>
  );
}
