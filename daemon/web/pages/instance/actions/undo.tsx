import type { BackupView } from '../../../../http/contract/backup.ts';
import { call } from '../../../api/client.ts';
import { meant } from '../../../app/session.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { FormDialog, toast } from '../../../ui/index.ts';

interface Props {
  readonly backup: BackupView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function UndoDialog({ backup, onDone, onClose }: Props) {
  const words = say.value.actions.undo;
  const goes = backup.mark === null ? '' : format.value.time(Date.parse(backup.mark.goes_at));
  const submit = async () => {
    const answer = await call('DELETE v1/prunes/{id}', { id: backup.id, query: meant.value });
    if (answer.ok) toast(words.done(backup.name));
    return answer.ok ? null : answer.failure;
  };
  return (
    <FormDialog
      {...{ title: words.title(backup.name), will: words.will(goes), action: words.go, onDone, onClose }}
      onSubmit={submit}
    />
  );
}
