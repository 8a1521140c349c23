import { useState } from 'preact/hooks';
import type { PolicyView } from '../../../http/contract/policy.ts';
import { useResource } from '../../api/resource.ts';
import type { PageProps } from '../../app/pages.tsx';
import { href } from '../../app/route.ts';
import { may } from '../../app/session.ts';
import { say } from '../../i18n/language.ts';
import { Button, FailureNote, Skeleton } from '../../ui/index.ts';
import { PolicyCard } from './card.tsx';
import { PolicyEditor } from './editor.tsx';
import { RemovePolicy } from './remove.tsx';

const NEW = 'new';

export function PoliciesPage({ route }: PageProps) {
  const { value, failure, refresh } = useResource('GET v1/policies', {}, ({ kind }) => kind === 'policy');
  const id = route.path[1];
  if (value === null) return failure ? <FailureNote failure={failure} onRetry={refresh} /> : <Skeleton lines={6} />;
  const policy = value.policies.find((it) => it.id === id && it.layer === 'project') ?? null;
  const isEditor = (policy !== null || id === NEW) && may('policy:change');
  return (
    <div class="policies">
      {failure && <FailureNote failure={failure} onRetry={refresh} />}
      {isEditor ? (
        <Edited key={id} policy={policy} onSaved={refresh} />
      ) : (
        <Policies policies={value.policies} refresh={refresh} />
      )}
    </div>
  );
}

/** A change is of what was read: so it is read by itself, with its tag. */
function Edited({ policy, onSaved }: { readonly policy: PolicyView | null; readonly onSaved: () => void }) {
  const wish = policy && { id: policy.id };
  const { value, etag, failure, refresh } = useResource('GET v1/policies/{id}', wish, ({ kind }) => kind === 'policy');
  const done = (): void => {
    refresh();
    onSaved();
  };
  if (policy === null) return <PolicyEditor policy={null} etag={null} onSaved={onSaved} />;
  if (value) return <PolicyEditor policy={value.policy} etag={etag} onSaved={done} />;
  return failure ? <FailureNote failure={failure} onRetry={refresh} /> : <Skeleton lines={6} />;
}

interface PoliciesProps {
  readonly policies: readonly PolicyView[];
  readonly refresh: () => void;
}

function Policies({ policies, refresh }: PoliciesProps) {
  const words = say.value.policies;
  const [going, remove] = useState<PolicyView | null>(null);
  const own = policies.filter(({ layer }) => layer === 'project');
  const operators = policies.filter(({ layer }) => layer === 'operator');
  const canChange = may('policy:change');
  return (
    <>
      <div class="page-head">
        <h1>{words.title}</h1>
        {canChange && (
          <a class="button primary" href={href(['policies', NEW])}>
            {words.add}
          </a>
        )}
      </div>
      <p class="lead">{words.lead}</p>
      {!canChange && <p class="hint">{say.value.chains.readerOnly}</p>}
      <section class="stack" aria-labelledby="own-policies">
        <h2 id="own-policies">{words.own}</h2>
        {own.length === 0 && <p class="hint">{words.ownNone}</p>}
        {own.map((policy) => (
          <PolicyCard key={policy.id} policy={policy}>
            {canChange && (
              <div class="actions">
                <a
                  class="button small"
                  href={href(['policies', policy.id])}
                  aria-label={`${words.edit}: ${policy.name}`}
                >
                  {words.edit}
                </a>
                <Button small kind="danger" onClick={() => remove(policy)}>
                  {words.remove}
                </Button>
              </div>
            )}
          </PolicyCard>
        ))}
      </section>
      <section class="stack" aria-labelledby="operators-policies">
        <h2 id="operators-policies">{words.operators}</h2>
        <p class="hint">{words.operatorsNote}</p>
        {operators.map((policy) => (
          <PolicyCard key={policy.id} policy={policy} />
        ))}
      </section>
      {going && <RemovePolicy policy={going} onDone={refresh} onClose={() => remove(null)} />}
    </>
  );
}
