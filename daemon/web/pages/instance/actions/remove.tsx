import { useState } from 'preact/hooks';
import type { BackupView } from '../../../../http/contract/backup.ts';
import { call } from '../../../api/client.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { Field, FormDialog, toast } from '../../../ui/index.ts';
import { descendantsOf } from '../chains/can.ts';
import { atOf } from '../chains/lanes.ts';

interface Props {
  readonly backup: BackupView;
  readonly backups: readonly BackupView[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Names all that goes, and wants the name typed: nothing brings it back. */
export function RemoveDialog({ backup, backups, onDone, onClose }: Props) {
  const words = say.value.actions.remove;
  const [typed, setTyped] = useState('');
  const [isTried, setTried] = useState(false);
  const others = descendantsOf(backup.id, backups);
  const n = others.length + 1;
  const held = [backup, ...others].filter(({ hold }) => hold !== null);
  const newest = newestPoint(backups);
  const losesNewest = [backup, ...others].some(({ id }) => id === newest?.id);
  const isReady = typed.trim() === backup.name;
  const submit = async () => {
    const confirm = losesNewest ? { confirm: 'newest-recovery-point' } : {};
    const query = { cascade: others.length > 0, ...confirm };
    const answer = await call('DELETE v1/backups/{id}', { id: backup.id, query });
    if (answer.ok) toast(words.done(n));
    return answer.ok ? null : answer.failure;
  };
  return (
    <FormDialog
      {...{
        title: words.title(backup.name),
        will: words.will,
        action: words.go(n),
        danger: true,
        isReady,
        onDone,
        onClose,
      }}
      onSubmit={submit}
      onTry={() => setTried(true)}
    >
      {others.length === 0 ? <p>{words.alone}</p> : <Others of={others} />}
      {losesNewest && <p class="note warn">{words.newest}</p>}
      {held.length > 0 && <p class="note warn">{words.held(held.map(({ name }) => name).join(', '))}</p>}
      <Field
        label={words.type(backup.name)}
        value={typed}
        onInput={setTyped}
        autocomplete="off"
        problem={isTried && !isReady ? words.mismatch : null}
      />
    </FormDialog>
  );
}

const newestPoint = (backups: readonly BackupView[]): BackupView | undefined =>
  backups
    .filter((backup) => backup.is_recovery_point)
    .toSorted((a, b) => Date.parse(a.as_of_at) - Date.parse(b.as_of_at))
    .at(-1);

function Others({ of }: { readonly of: readonly BackupView[] }) {
  const { actions, chains } = say.value;
  return (
    <div>
      <p>{actions.remove.cascade(of.length)}</p>
      <ul class="cascade">
        {of.map((backup) => (
          <li key={backup.id}>
            {chains.kinds[backup.kind]}, {format.value.time(atOf(backup))} {chains.origins[backup.origin]}
            <span class="code faint">{backup.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
