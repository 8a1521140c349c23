import { useState } from 'preact/hooks';
import type { BackupView } from '../../../../http/contract/backup.ts';
import { call } from '../../../api/client.ts';
import { now } from '../../../api/now.ts';
import { meant } from '../../../app/session.ts';
import { say } from '../../../i18n/language.ts';
import { Field, FormDialog, Select, toast } from '../../../ui/index.ts';
import { instantOf, localOf } from '../instant.ts';

interface Props {
  readonly backup: BackupView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
const WEEK_MS = 7 * 86_400_000;

export function HoldDialog({ backup, onDone, onClose }: Props) {
  const words = say.value.actions.hold;
  const [note, setNote] = useState('');
  const [kind, setKind] = useState<'good' | 'time'>('good');
  const [time, setTime] = useState(() => localOf(now.value + WEEK_MS));
  const [isTried, setTried] = useState(false);
  const until = kind === 'good' ? null : instantOf(time);
  const isPast = kind === 'time' && (until === null || Date.parse(until) <= now.value);
  const isReady = note.trim() !== '' && !isPast;
  const submit = async () => {
    const body = { note: note.trim(), until_at: until };
    const answer = await call('PUT v1/backups/{id}/hold', { id: backup.id, query: meant.value, body });
    if (answer.ok) toast(words.done(backup.name));
    return answer.ok ? null : answer.failure;
  };
  return (
    <FormDialog
      {...{ title: words.title(backup.name), will: words.will, action: words.go, isReady, onDone, onClose }}
      onSubmit={submit}
      onTry={() => setTried(true)}
    >
      <Field
        label={words.note}
        value={note}
        onInput={setNote}
        required
        problem={isTried && note.trim() === '' ? words.needsNote : null}
      />
      <Select
        label={words.until}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'good', text: words.forGood },
          { value: 'time', text: words.untilTime },
        ]}
      />
      {kind === 'time' && (
        <Field
          label={words.untilTime}
          type="datetime-local"
          value={time}
          onInput={setTime}
          problem={isPast ? words.inPast : null}
        />
      )}
    </FormDialog>
  );
}

export function ReleaseDialog({ backup, onDone, onClose }: Props) {
  const words = say.value.actions.release;
  const submit = async () => {
    const answer = await call('DELETE v1/backups/{id}/hold', { id: backup.id, query: meant.value });
    if (answer.ok) toast(words.done(backup.name));
    return answer.ok ? null : answer.failure;
  };
  return (
    <FormDialog
      {...{ title: words.title(backup.name), will: words.will, action: words.go, onDone, onClose }}
      onSubmit={submit}
    />
  );
}
