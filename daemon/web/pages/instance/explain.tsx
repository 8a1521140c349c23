import { useState } from 'preact/hooks';
import type { ReasonView } from '../../../http/contract/common.ts';
import type { ExplanationView } from '../../../http/contract/run.ts';
import { useResource } from '../../api/resource.ts';
import { everywhere } from '../../app/session.ts';
import { format } from '../../i18n/format.ts';
import { say } from '../../i18n/language.ts';
import { Button, Dialog, FailureNote, Field, Reasons, Skeleton } from '../../ui/index.ts';
import type { Act } from './action.ts';
import { instantOf } from './instant.ts';
import { about } from './news.ts';

/** Asks for any slot, past or to come. */
export function ExplainForm({ act }: { readonly act: Act }) {
  const words = say.value.explain;
  const [at, setAt] = useState('');
  const [isTried, setTried] = useState(false);
  const instant = instantOf(at);
  return (
    <section class="card" aria-labelledby="explain-title">
      <h2 id="explain-title">{words.title}</h2>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (instant) act({ kind: 'explain', at: instant });
        }}
      >
        <p class="hint">{words.lead}</p>
        <Field
          label={words.at}
          type="datetime-local"
          value={at}
          onInput={setAt}
          problem={isTried && instant === null ? words.badTime : null}
        />
        <div>
          <Button type="submit">{words.go}</Button>
        </div>
      </form>
    </section>
  );
}

interface DialogProps {
  readonly instanceId: string;
  readonly at: string;
  readonly onClose: () => void;
}

export function ExplainDialog({ instanceId, at, onClose }: DialogProps) {
  const words = say.value.explain;
  const wish = { id: instanceId, query: { at, ...everywhere.value } };
  const { value, failure, refresh } = useResource('GET v1/instances/{id}/explain', wish, about(instanceId));
  return (
    <Dialog title={words.slot(format.value.time(Date.parse(at)))} onClose={onClose}>
      {failure && <FailureNote failure={failure} onRetry={refresh} />}
      {!value && !failure && <Skeleton />}
      {value && <Slot slot={value.explanation.slot} />}
    </Dialog>
  );
}

function Slot({ slot }: { readonly slot: ExplanationView['slot'] }) {
  const words = say.value.explain;
  if (slot === null || slot.state === 'none') return <p>{words.nothing}</p>;
  const { time, kind, because } = slot;
  return (
    <div class="stack">
      <Part title={words.time} reasons={time} />
      <Part title={words.kind} reasons={kind ? [kind] : []} />
      <Part title={words.outcome} reasons={because ? [because] : []} />
    </div>
  );
}

function Part({ title, reasons }: { readonly title: string; readonly reasons: readonly ReasonView[] }) {
  if (reasons.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <Reasons reasons={reasons} />
    </div>
  );
}
