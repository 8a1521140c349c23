import { useEffect, useMemo, useState } from 'preact/hooks';
import type { BackupView, RestoreAnswer, RestoreChoices } from '../../../../http/contract/backup.ts';
import { call } from '../../../api/client.ts';
import { keyRing } from '../../../api/key-ring.ts';
import { useResource } from '../../../api/resource.ts';
import { href } from '../../../app/route.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { Button, Dialog, FailureNote, Field, FormDialog, Select, Skeleton } from '../../../ui/index.ts';

interface Props {
  readonly backup: BackupView;
  readonly instanceName: string;
  readonly onClose: () => void;
}
type Made = RestoreAnswer['instance'];

/** To a new instance, beside the one there is; then it follows that one until it is up. */
export function RestoreDialog({ backup, instanceName, onClose }: Props) {
  const words = say.value.actions.restore;
  const [made, setMade] = useState<Made | null>(null);
  const { value, failure, refresh } = useResource('GET v1/backups/{id}/restore', { id: backup.id }, () => false);
  const title = words.title(backup.name);
  if (made) return <Following made={made} title={title} onClose={onClose} />;
  if (value) return <Asking {...{ backup, instanceName, onClose }} choices={value} onMade={setMade} />;
  return (
    <Dialog title={title} onClose={onClose}>
      {failure ? <FailureNote failure={failure} onRetry={refresh} /> : <Skeleton />}
    </Dialog>
  );
}

interface AskingProps extends Props {
  readonly choices: RestoreChoices;
  readonly onMade: (made: Made) => void;
}
const DEFAULT_NETWORK = '';

function Asking({ backup, instanceName, choices, onClose, onMade }: AskingProps) {
  const words = say.value.actions.restore;
  const keyOf = useMemo(keyRing, []);
  const [name, setName] = useState(`${instanceName}-restored`);
  const [flavor, setFlavor] = useState(choices.flavor_id ?? choices.flavors[0]?.id ?? '');
  const [volume, setVolume] = useState(
    choices.volume_size_gb === null ? '' : String(Math.max(choices.volume_size_gb, choices.volume_least_gb ?? 1)),
  );
  const [network, setNetwork] = useState(DEFAULT_NETWORK);
  const least = choices.volume_least_gb ?? 1;
  const isVolume = volume.trim() === '' || (/^\d{1,5}$/.test(volume.trim()) && Number(volume) >= least);
  const isReady = name.trim() !== '' && flavor !== '' && isVolume;
  const submit = async () => {
    const body = {
      name: name.trim(),
      flavor_id: flavor,
      volume_size_gb: volume.trim() === '' ? null : Number(volume),
      network_id: network.trim() === '' ? null : network.trim(),
    };
    const answer = await call('POST v1/backups/{id}/restore', { id: backup.id, body, idempotencyKey: keyOf(body) });
    if (answer.ok) onMade(answer.value.instance);
    return answer.ok ? null : answer.failure;
  };
  const flavors = choices.flavors.map(({ id, name: of, ram_mb }) => ({
    value: id,
    text: words.flavorOf({ name: of, ram: format.value.gigabytes(ram_mb / 1_024) }),
  }));
  return (
    <FormDialog
      {...{ title: words.title(backup.name), will: words.will, action: words.go, isReady, onClose }}
      onSubmit={submit}
      onDone={() => {}}
    >
      <Field label={words.name} value={name} onInput={setName} problem={name.trim() === '' ? words.needsName : null} />
      <Select
        label={words.flavor}
        value={flavor}
        options={flavors}
        onChange={setFlavor}
        problem={flavor === '' ? words.needsFlavor : null}
      />
      <Field
        label={words.volume}
        value={volume}
        onInput={setVolume}
        problem={isVolume ? null : words.badVolume(least)}
        hint={choices.volume_least_gb === null ? undefined : words.volumeLeast(least)}
      />
      <Network choices={choices} value={network} onChange={setNetwork} />
    </FormDialog>
  );
}

interface NetworkProps {
  readonly choices: RestoreChoices;
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** From a list, or as an id where the catalogue has no Neutron. */
function Network({ choices: { networks }, value, onChange }: NetworkProps) {
  const words = say.value.actions.restore;
  const optional = say.value.actions.optional;
  if (networks === null) return <Field label={`${words.networkId} (${optional})`} value={value} onInput={onChange} />;
  const options = [
    { value: DEFAULT_NETWORK, text: words.networkNone },
    ...networks.map(({ id, name }) => ({ value: id, text: name })),
  ];
  return <Select label={words.network} value={value} options={options} onChange={onChange} />;
}

const LOOK_MS = 5_000;
const UP = new Set(['ACTIVE', 'HEALTHY']);
const BROKEN = new Set(['ERROR', 'FAILED', 'SHUTDOWN']);

function Following({
  made,
  title,
  onClose,
}: {
  readonly made: Made;
  readonly title: string;
  readonly onClose: () => void;
}) {
  const words = say.value.actions.restore;
  const { value, refresh } = useResource('GET v1/instances/{id}', { id: made.id });
  const status = value?.instance.status ?? null;
  const isUp = status !== null && UP.has(status);
  const isOver = isUp || (status !== null && BROKEN.has(status));
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(refresh, LOOK_MS);
    return () => clearInterval(timer);
  }, [isOver, refresh]);
  const end = isUp ? words.active(made.name) : words.failed(status ?? made.status);
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack" aria-live="polite">
        <p>{isOver ? end : words.asked(made.name)}</p>
        <p class="hint">{status === null ? words.unseen : words.status(status)}</p>
        <p class="code">{made.id}</p>
      </div>
      <footer>
        <Button onClick={onClose}>{say.value.ui.close}</Button>
        <a class="button primary" href={href(['instances', made.id])} onClick={onClose}>
          {words.show}
        </a>
      </footer>
    </Dialog>
  );
}
