import { useEffect, useMemo, useState } from 'preact/hooks';
import type { BackUpNow, RunView } from '../../../../http/contract/run.ts';
import { call } from '../../../api/client.ts';
import type { Failure } from '../../../api/failure.ts';
import { keyRing } from '../../../api/key-ring.ts';
import { useResource } from '../../../api/resource.ts';
import { everywhere, meant } from '../../../app/session.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { AmountField } from '../../../schedule/amount-field.tsx';
import { type Amount, durationOf } from '../../../schedule/duration.ts';
import { Button, Dialog, FailureNote, Field, FormDialog, Reason, RunBadge, Select, told } from '../../../ui/index.ts';
import { about } from '../news.ts';

interface Props {
  readonly instanceId: string;
  readonly instanceName: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
type KindChoice = 'auto' | 'full' | 'incremental';

/** Asks for a backup once, however often it is clicked, and follows it to its end. */
export function BackUpNowDialog({ instanceId, instanceName, onDone, onClose }: Props) {
  const [asked, setAsked] = useState<RunView | null>(null);
  if (asked) return <Following run={asked} title={say.value.actions.now.title(instanceName)} onClose={onClose} />;
  const onAsked = (run: RunView): void => {
    setAsked(run);
    onDone();
  };
  return <Asking {...{ instanceId, instanceName, onClose, onAsked }} />;
}

interface AskingProps extends Omit<Props, 'onDone'> {
  readonly onAsked: (run: RunView) => void;
}

function Asking({ instanceId, instanceName, onClose, onAsked }: AskingProps) {
  const words = say.value.actions.now;
  const keyOf = useMemo(keyRing, []);
  const [kind, setKind] = useState<KindChoice>('auto');
  const [isFor, setFor] = useState<'good' | 'time'>('good');
  const [amount, setAmount] = useState<Amount>({ n: '30', unit: 'days' });
  const [note, setNote] = useState('');
  const keep = isFor === 'good' ? null : durationOf(amount);
  const isReady = isFor === 'good' || keep !== null;
  const submit = async () => {
    const body: BackUpNow = { note, ...(kind !== 'auto' && { kind }), ...(keep !== null && { keep }) };
    const answer = await call('POST v1/instances/{id}/runs', {
      id: instanceId,
      query: meant.value,
      body,
      idempotencyKey: keyOf(body),
    });
    if (answer.ok) onAsked(answer.value.run);
    return answer.ok ? null : answer.failure;
  };
  const kinds = [
    { value: 'auto', text: words.kindAuto },
    { value: 'full', text: words.kindFull },
    { value: 'incremental', text: words.kindIncremental },
  ] as const;
  const keeps = [
    { value: 'good', text: words.keepForGood },
    { value: 'time', text: words.keepFor },
  ] as const;
  return (
    <FormDialog
      {...{ title: words.title(instanceName), will: words.will, action: words.go, isReady, onClose }}
      onSubmit={submit}
      onDone={() => {}}
    >
      <Select label={words.kind} value={kind} options={kinds} onChange={setKind} />
      <Select label={words.keep} value={isFor} options={keeps} onChange={setFor} />
      {isFor === 'time' && (
        <AmountField label={words.keepFor} value={amount} onInput={setAmount} isWrong={keep === null} />
      )}
      <Field label={`${words.note} (${say.value.actions.optional})`} value={note} onInput={setNote} />
    </FormDialog>
  );
}

const LOOK_MS = 5_000;
const OPEN: readonly RunView['state'][] = ['claimed', 'intent', 'unknown', 'running'];

/** What became of it, as it becomes. */
function Following({
  run: first,
  title,
  onClose,
}: {
  readonly run: RunView;
  readonly title: string;
  readonly onClose: () => void;
}) {
  const words = say.value.actions.now;
  const query = { ...everywhere.value, instance_id: first.instance_id, origin: 'on_demand', limit: 20 } as const;
  const { value, refresh } = useResource('GET v1/runs', { query }, about(first.instance_id));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const run = value?.runs.find(({ id }) => id === first.id) ?? first;
  const isOpen = OPEN.includes(run.state);
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(refresh, LOOK_MS);
    return () => clearInterval(timer);
  }, [isOpen, refresh]);
  const stop = async (): Promise<void> => {
    setBusy(true);
    const answer = await call('DELETE v1/runs/{id}', { id: run.id, query: meant.value });
    setBusy(false);
    setFailure(answer.ok ? null : answer.failure);
    refresh();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack" aria-live="polite">
        <p>{isOpen ? words.asked : endOf(run)}</p>
        <p>
          <RunBadge state={run.state} /> <Reason reason={run.because} />
        </p>
        {run.kind_because && <p class="hint">{told(run.kind_because.text)}</p>}
        {failure && <FailureNote failure={failure} />}
      </div>
      <footer>
        {run.state === 'claimed' && (
          <Button busy={busy} onClick={stop}>
            {words.stop}
          </Button>
        )}
        <Button kind="primary" onClick={onClose}>
          {say.value.ui.close}
        </Button>
      </footer>
    </Dialog>
  );
}

function endOf(run: RunView): string {
  const words = say.value.actions.now;
  if (run.state === 'completed') return words.done(format.value.time(Date.parse(run.slot_at)));
  return run.state === 'aborted' ? words.stopped : words.ended(say.value.states.run[run.state]);
}
