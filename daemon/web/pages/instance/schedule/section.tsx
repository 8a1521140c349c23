import { useState } from 'preact/hooks';
import type { ScheduleView, SlotToCome } from '../../../../http/contract/schedule.ts';
import { call } from '../../../api/client.ts';
import type { Failure } from '../../../api/failure.ts';
import { may, meant } from '../../../app/session.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { Slots } from '../../../schedule/preview.tsx';
import { Told } from '../../../schedule/told.tsx';
import { Button, FailureNote, Reasons, toast } from '../../../ui/index.ts';
import type { Act } from '../action.ts';
import { ScheduleEditor } from './editor.tsx';

interface Props {
  readonly schedule: ScheduleView | null;
  readonly etag: string | null;
  readonly slots: readonly SlotToCome[];
  readonly act: Act;
  /** Reads it again. */
  readonly refresh: () => void;
}

export function ScheduleSection({ schedule, etag, slots, act, refresh }: Props) {
  const words = say.value.schedule;
  const [isEditing, edit] = useState(false);
  const canChange = may('schedule:change');
  return (
    <section class="card" aria-labelledby="schedule-title">
      <header>
        <h2 id="schedule-title">{words.title}</h2>
        {schedule && canChange && (
          <div class="actions">
            <PauseButton {...{ schedule, etag, act, refresh }} />
            <Button small onClick={() => edit(!isEditing)}>
              {isEditing ? words.done : words.edit}
            </Button>
          </div>
        )}
      </header>
      {schedule === null ? <p>{words.none}</p> : <Standing schedule={schedule} />}
      {schedule && isEditing && <ScheduleEditor schedule={schedule} etag={etag} refresh={refresh} />}
      {schedule && !isEditing && slots.length > 0 && <Slots of={slots} level={3} />}
      {schedule && !canChange && <p class="hint">{say.value.chains.readerOnly}</p>}
    </section>
  );
}

function Standing({ schedule: { enabled, pause, values, sources, because } }: { readonly schedule: ScheduleView }) {
  const words = say.value.schedule;
  return (
    <div class="stack">
      {!enabled && <p class="note warn">{words.optedOut}</p>}
      {pause && (
        <div class="note warn">
          <div>
            <p>{words.paused({ time: format.value.time(Date.parse(pause.until_at)), owner: pause.owner })}</p>
            {pause.note !== '' && <p class="hint">{pause.note}</p>}
          </div>
        </div>
      )}
      <Told values={values} sources={sources} />
      <Reasons reasons={because} />
    </div>
  );
}

type PauseProps = Pick<Props, 'etag' | 'act' | 'refresh'> & { readonly schedule: ScheduleView };

/** Where it is paused it can go on at once; else it can be paused, unless the operator does not let it. */
function PauseButton({ schedule, etag, act, refresh }: PauseProps) {
  const words = say.value.schedule.pause;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const end = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('PATCH v1/instances/{id}/schedule', {
      id: schedule.instance_id,
      query: meant.value,
      body: { pause: null },
      ifMatch: etag,
    });
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    if (answer.ok) toast(words.ended);
    refresh();
  };
  if (!schedule.pause) {
    const locked = schedule.tenant_may.pause === null ? words.locked : null;
    return (
      <Button small disabledBecause={locked} onClick={() => act({ kind: 'pause' })}>
        {words.open}
      </Button>
    );
  }
  return (
    <>
      <Button small busy={busy} onClick={end}>
        {words.end}
      </Button>
      {failure && <FailureNote failure={failure} />}
    </>
  );
}
