import { useState } from 'preact/hooks';
import type { PolicyPreview, PolicyView } from '../../../http/contract/policy.ts';
import type { Preview } from '../../../http/contract/schedule.ts';
import { call } from '../../api/client.ts';
import type { Answer, Failure } from '../../api/failure.ts';
import { useDraft } from '../../app/draft.ts';
import { go } from '../../app/route.ts';
import { say } from '../../i18n/language.ts';
import { OverridesEditor } from '../../schedule/overrides-editor.tsx';
import { PreviewPane } from '../../schedule/preview.tsx';
import { usePreview } from '../../schedule/use-preview.ts';
import { Button, FailureNote, Field, toast } from '../../ui/index.ts';
import { bodyOf, isName, NEW, type PolicyDraft, policyDraftOf } from './draft.ts';
import { ForecastChart } from './forecast.tsx';
import { InstancePicker, type Picked } from './picker.tsx';

interface Props {
  /** null: a new one. */
  readonly policy: PolicyView | null;
  readonly etag: string | null;
  readonly onSaved: () => void;
}

/** As the quota was read for the preview. */
function limitOf({ shortage }: Preview): number | null {
  const limit = shortage?.because.params['limit'];
  return typeof limit === 'number' && limit >= 0 ? limit : null;
}

const toList = (): void => go(['policies']);

/** Shows what a policy will do to an instance before it is saved. */
export function PolicyEditor({ policy, etag, onSaved }: Props) {
  const words = say.value.policies;
  const draft = useDraft<PolicyDraft>(`policy.${policy?.id ?? 'new'}`, policy ? policyDraftOf(policy) : NEW);
  const [picked, pick] = useState<Picked | null>(null);
  const [isTried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const { body, problems } = bodyOf(draft.value);
  const asked = body && {
    ...body,
    ...(policy && { policy_id: policy.id }),
    ...(picked && { instance_id: picked.id }),
  };
  const previewed = usePreview(asked && JSON.stringify(asked), (signal) => look(asked, signal));
  const save = async (): Promise<void> => {
    setTried(true);
    if (body === null || busy) return;
    setBusy(true);
    const answer = policy
      ? await call('PUT v1/policies/{id}', { id: policy.id, body, ifMatch: etag })
      : await call('POST v1/policies', { body });
    setBusy(false);
    // What changed meanwhile is read again and shown; what was typed stays.
    setFailure(answer.ok || answer.failure.status === 412 ? null : answer.failure);
    if (!answer.ok) return onSaved();
    draft.reset();
    toast(words.saved(answer.value.policy.name));
    onSaved();
    toList();
  };
  const cancel = (): void => {
    draft.reset();
    toList();
  };
  return (
    <>
      <div class="page-head">
        <h1>{policy ? words.titleEdit(policy.name) : words.titleNew}</h1>
      </div>
      <div class="editor">
        <form
          class="stack card"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {draft.changedMeanwhile && <Meanwhile keepMine={draft.keepMine} reset={draft.reset} />}
          <Selection draft={draft.value} onChange={draft.set} isTried={isTried} />
          <h2>{words.overrides}</h2>
          <OverridesEditor
            draft={draft.value.overrides}
            problems={problems}
            onChange={(change) => draft.set({ overrides: { ...draft.value.overrides, ...change } })}
            values={previewed.preview?.schedule?.values ?? null}
            bounds={null}
          />
          {failure && <FailureNote failure={failure} />}
          <div class="actions">
            <Button type="submit" kind="primary" busy={busy}>
              {policy ? words.save : words.create}
            </Button>
            <Button onClick={cancel}>{say.value.actions.cancel}</Button>
          </div>
        </form>
        <div class="stack card">
          <InstancePicker picked={picked} onPick={pick} />
          <PreviewPane {...previewed} idle={body === null ? say.value.schedule.previewStale : null}>
            {previewed.preview?.forecast && (
              <ForecastChart
                forecast={previewed.preview.forecast}
                wanted={previewed.preview.shortage?.wanted ?? null}
                limit={limitOf(previewed.preview) ?? picked?.quotaLimit ?? null}
              />
            )}
          </PreviewPane>
        </div>
      </div>
    </>
  );
}

async function look(asked: PolicyPreview | null, signal: AbortSignal): Promise<Answer<Preview>> {
  if (asked === null) throw new Error('nothing to look ahead at');
  const answer = await call('POST v1/policies/preview', { body: asked, signal });
  return answer.ok ? { ...answer, value: answer.value.preview } : answer;
}

function Meanwhile({ keepMine, reset }: { readonly keepMine: () => void; readonly reset: () => void }) {
  const { changedMeanwhile, keepMine: mine, takeTheirs } = say.value.ui;
  return (
    <div class="note warn" role="alert">
      <div class="stack">
        <p>{changedMeanwhile}</p>
        <div class="actions">
          <Button small onClick={keepMine}>
            {mine}
          </Button>
          <Button small onClick={reset}>
            {takeTheirs}
          </Button>
        </div>
      </div>
    </div>
  );
}

interface SelectionProps {
  readonly draft: PolicyDraft;
  readonly onChange: (change: Partial<PolicyDraft>) => void;
  readonly isTried: boolean;
}

function Selection({ draft, onChange, isTried }: SelectionProps) {
  const words = say.value.policies;
  return (
    <>
      <Field
        label={words.name}
        value={draft.name}
        onInput={(name) => onChange({ name })}
        required
        problem={(isTried || draft.name !== '') && !isName(draft.name.trim()) ? words.badName : null}
      />
      <div class="pair">
        <Field
          label={`${words.selects}: ${words.selectNames}`}
          multiline
          value={draft.names}
          onInput={(names) => onChange({ names })}
          hint={words.selectNamesHint}
        />
        <Field
          label={`${words.selects}: ${words.selectDatastores}`}
          multiline
          value={draft.datastores}
          onInput={(datastores) => onChange({ datastores })}
          hint={words.selectDatastoresHint}
        />
      </div>
    </>
  );
}
