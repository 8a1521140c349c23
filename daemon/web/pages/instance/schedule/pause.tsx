import { useState } from 'preact/hooks';
import type { ScheduleView } from '../../../../http/contract/schedule.ts';
import { call } from '../../../api/client.ts';
import { now } from '../../../api/now.ts';
import { meant } from '../../../app/session.ts';
import { format } from '../../../i18n/format.ts';
import { language, say } from '../../../i18n/language.ts';
import { durationMs, durationWords } from '../../../schedule/duration.ts';
import { Field, FormDialog, toast } from '../../../ui/index.ts';
import { instantOf, localOf } from '../instant.ts';

interface Props {
  readonly schedule: ScheduleView;
  readonly etag: string | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
const DAY_MS = 86_400_000;

export function PauseDialog({ schedule, etag, onDone, onClose }: Props) {
  const words = say.value.schedule.pause;
  const most = schedule.tenant_may.pause;
  const mostMs = most === null ? 0 : (durationMs(most) ?? 0);
  const [until, setUntil] = useState(() => localOf(now.value + Math.min(DAY_MS, mostMs)));
  const [note, setNote] = useState('');
  const at = instantOf(until);
  const away = at === null ? 0 : Date.parse(at) - now.value;
  const problem = away <= 0 ? words.badTime : away > mostMs + 60_000 ? words.tooLong : null;
  const submit = async () => {
    const body = { pause: { until_at: at ?? '', note } };
    const answer = await call('PATCH v1/instances/{id}/schedule', {
      id: schedule.instance_id,
      query: meant.value,
      body,
      ifMatch: etag,
    });
    if (answer.ok) toast(words.done(format.value.time(Date.parse(at ?? ''))));
    return answer.ok ? null : answer.failure;
  };
  return (
    <FormDialog
      {...{ title: words.title, will: words.will, action: words.go, isReady: problem === null, onDone, onClose }}
      onSubmit={submit}
    >
      <Field
        label={words.until}
        type="datetime-local"
        value={until}
        onInput={setUntil}
        problem={problem}
        hint={most === null ? undefined : words.most(durationWords(most, language.value))}
      />
      <Field label={`${words.note} (${say.value.actions.optional})`} value={note} onInput={setNote} />
    </FormDialog>
  );
}
