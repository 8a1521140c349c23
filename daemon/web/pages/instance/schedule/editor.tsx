import { useState } from 'preact/hooks';
import type { Preview, ScheduleView } from '../../../../http/contract/schedule.ts';
import { call } from '../../../api/client.ts';
import type { Answer, Failure } from '../../../api/failure.ts';
import { meant } from '../../../app/session.ts';
import { say } from '../../../i18n/language.ts';
import { OverridesEditor } from '../../../schedule/overrides-editor.tsx';
import { isEmpty } from '../../../schedule/patch.ts';
import { PreviewPane } from '../../../schedule/preview.tsx';
import { usePreview } from '../../../schedule/use-preview.ts';
import { Button, Confirm, FailureNote, toast } from '../../../ui/index.ts';
import { useScheduleDraft } from './use-schedule-draft.ts';

interface Props {
  readonly schedule: ScheduleView;
  readonly etag: string | null;
  readonly refresh: () => void;
}

/** Bounded by what the operator lets a tenant do; shows what a change will do before it is saved. */
export function ScheduleEditor({ schedule, etag, refresh }: Props) {
  const words = say.value.schedule;
  const draft = useScheduleDraft(schedule);
  const { patch } = draft;
  const id = schedule.instance_id;
  const asked = patch === null || isEmpty(patch) ? null : patch;
  const previewed = usePreview(asked && JSON.stringify(asked), (signal) => look(id, asked ?? {}, signal));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    if (asked === null || busy) return;
    setBusy(true);
    const answer = await call('PATCH v1/instances/{id}/schedule', {
      id,
      query: meant.value,
      body: asked,
      ifMatch: etag,
    });
    setBusy(false);
    // What changed meanwhile is read again and shown; what was typed stays.
    setFailure(answer.ok || answer.failure.status === 412 ? null : answer.failure);
    if (answer.ok) {
      draft.discard();
      toast(words.saved);
    }
    refresh();
  };
  const idle = patch === null ? words.previewStale : asked === null ? words.noChange : null;
  return (
    <div class="editor">
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Meanwhile {...draft} />
        <OptIn schedule={schedule} enabled={draft.enabled} onChange={draft.setEnabled} />
        <OverridesEditor
          draft={draft.overrides}
          problems={draft.problems}
          onChange={draft.setOverrides}
          values={schedule.values}
          bounds={schedule.tenant_may}
        />
        {failure && <FailureNote failure={failure} />}
        <div class="actions">
          <Button type="submit" kind="primary" busy={busy} disabledBecause={idle}>
            {words.save}
          </Button>
          {draft.isDirty && <Button onClick={draft.discard}>{words.discard}</Button>}
          <BackToPolicy schedule={schedule} etag={etag} refresh={refresh} onBack={draft.discard} />
        </div>
      </form>
      <PreviewPane {...previewed} idle={idle} />
    </div>
  );
}

async function look(id: string, body: object, signal: AbortSignal): Promise<Answer<Preview>> {
  const answer = await call('PATCH v1/instances/{id}/schedule', {
    id,
    body,
    query: { ...meant.value, dry_run: true },
    signal,
  });
  if (!answer.ok) return answer;
  if (!('preview' in answer.value)) throw new Error('a dry run was answered with a schedule');
  return { ok: true, value: answer.value.preview, etag: answer.etag };
}

function Meanwhile({ meanwhile, goOn, discard }: ReturnType<typeof useScheduleDraft>) {
  const words = say.value.schedule;
  if (meanwhile.length === 0) return null;
  const fields: Readonly<Record<string, string>> = words.fields;
  return (
    <div class="note warn" role="alert">
      <div class="stack">
        <p>{words.changedMeanwhile(meanwhile.map((field) => fields[field] ?? field).join(', '))}</p>
        <div class="actions">
          <Button small onClick={goOn}>
            {words.goOn}
          </Button>
          <Button small onClick={discard}>
            {words.takeTheirs}
          </Button>
        </div>
      </div>
    </div>
  );
}

interface OptInProps {
  readonly schedule: ScheduleView;
  readonly enabled: boolean;
  readonly onChange: (enabled: boolean) => void;
}

function OptIn({ schedule, enabled, onChange }: OptInProps) {
  const words = say.value.schedule;
  const isLocked = !schedule.tenant_may.opt_out && enabled;
  return (
    <div>
      <label class="check">
        <input
          type="checkbox"
          checked={enabled}
          disabled={isLocked}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
        {words.optIn}
      </label>
      {isLocked && <p class="hint">{words.noOptOut}</p>}
    </div>
  );
}

function BackToPolicy({ schedule, etag, refresh, onBack }: Props & { readonly onBack: () => void }) {
  const words = say.value.schedule;
  const [isAsking, ask] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const hasOwn = Object.keys(schedule.overrides).length > 0 || !schedule.enabled;
  if (!hasOwn) return null;
  const goBack = async (): Promise<void> => {
    const answer = await call('DELETE v1/instances/{id}/schedule', {
      id: schedule.instance_id,
      query: meant.value,
      ifMatch: etag,
    });
    setFailure(answer.ok ? null : answer.failure);
    refresh();
    if (!answer.ok) return;
    onBack();
    ask(false);
    toast(words.isBack);
  };
  return (
    <>
      <Button onClick={() => ask(true)}>{words.backToPolicy}</Button>
      {isAsking && (
        <Confirm title={words.backToPolicy} action={words.backToPolicy} onConfirm={goBack} onClose={() => ask(false)}>
          <p>{words.backToPolicyWill}</p>
          {failure && <FailureNote failure={failure} />}
        </Confirm>
      )}
    </>
  );
}
