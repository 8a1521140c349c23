import type { BackupView } from '../../../http/contract/backup.ts';
import type { InstanceDetail } from '../../../http/contract/instance.ts';
import type { ScheduleView } from '../../../http/contract/schedule.ts';
import type { Action } from './action.ts';
import { HoldDialog, ReleaseDialog } from './actions/hold.tsx';
import { BackUpNowDialog } from './actions/now.tsx';
import { RemoveDialog } from './actions/remove.tsx';
import { RestoreDialog } from './actions/restore.tsx';
import { UndoDialog } from './actions/undo.tsx';
import { ExplainDialog } from './explain.tsx';
import { PauseDialog } from './schedule/pause.tsx';

interface DeedProps {
  readonly action: Action;
  readonly instance: InstanceDetail;
  readonly schedule: ScheduleView | null;
  readonly etag: string | null;
  readonly backups: readonly BackupView[];
  /** Something was changed: look again. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The dialog of what somebody is about to do. */
export function Deed({ action, instance, schedule, etag, backups, onDone, onClose }: DeedProps) {
  const done = (): void => {
    onDone();
    onClose();
  };
  switch (action.kind) {
    case 'back-up-now':
      return (
        <BackUpNowDialog instanceId={instance.id} instanceName={instance.name} onDone={onDone} onClose={onClose} />
      );
    case 'explain':
      return <ExplainDialog instanceId={instance.id} at={action.at} onClose={onClose} />;
    case 'pause':
      return schedule && <PauseDialog schedule={schedule} etag={etag} onDone={done} onClose={onClose} />;
    case 'hold':
      return <HoldDialog backup={action.backup} onDone={done} onClose={onClose} />;
    case 'release':
      return <ReleaseDialog backup={action.backup} onDone={done} onClose={onClose} />;
    case 'undo':
      return <UndoDialog backup={action.backup} onDone={done} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog backup={action.backup} backups={backups} onDone={done} onClose={onClose} />;
    case 'restore':
      return <RestoreDialog backup={action.backup} instanceName={instance.name} onClose={onClose} />;
  }
}
