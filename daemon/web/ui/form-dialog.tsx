import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Failure } from '../api/failure.ts';
import { say } from '../i18n/language.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FailureNote } from './failure-note.tsx';

interface FormDialogProps {
  readonly title: string;
  /** What it will do, before it does it. */
  readonly will: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
  /** false: something is to be mended first, which the form shows. */
  readonly isReady?: boolean;
  /** Somebody wants to: what is missing may be shown now. */
  readonly onTry?: () => void;
  /** null: it is done. A failure is shown, and what was typed stays. */
  readonly onSubmit: () => Promise<Failure | null>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Says what it will do, does it once however often it is clicked, and shows why where it was refused. */
export function FormDialog(props: FormDialogProps) {
  const { title, will, action, danger, children, isReady = true, onTry, onSubmit, onDone, onClose } = props;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isAtWork = useRef(false);
  const submit = async (): Promise<void> => {
    onTry?.();
    if (isAtWork.current || !isReady) return;
    isAtWork.current = true;
    setBusy(true);
    const refused = await onSubmit();
    isAtWork.current = false;
    setBusy(false);
    setFailure(refused);
    if (refused === null) onDone();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{will}</p>
        {children}
        {failure && <FailureNote failure={failure} />}
        <footer>
          <Button onClick={onClose}>{say.value.ui.cancel}</Button>
          <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={busy}>
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
