import type { BackupView } from '../../../../http/contract/backup.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { type Column, Reasons, Table, Time } from '../../../ui/index.ts';
import { lookOf } from './look.ts';
import { Sign } from './mark.tsx';

interface ListingProps {
  readonly backups: readonly BackupView[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** The same as the drawing, in words, the newest first. */
export function Listing({ backups, chosen, onChoose }: ListingProps) {
  const words = say.value.chains;
  const columns: readonly Column<BackupView>[] = [
    {
      key: 'time',
      title: words.time,
      cell: (it) => <Opener backup={it} isChosen={it.id === chosen} onChoose={onChoose} />,
    },
    { key: 'kind', title: words.kind, cell: (it) => <Kind backup={it} /> },
    { key: 'state', title: words.status, cell: (it) => words.states[lookOf(it).state] },
    {
      key: 'size',
      title: words.size,
      numeric: true,
      cell: (it) => (it.size_gb === null ? words.sizeUnknown : format.value.gigabytes(it.size_gb)),
    },
    { key: 'kept', title: words.kept, cell: (it) => <Reasons reasons={it.because} /> },
    { key: 'goes', title: words.goes, cell: (it) => (it.mark ? <Time at={it.mark.goes_at} as="both" /> : '–') },
  ];
  const rows = backups.toReversed();
  return <Table caption={words.title} captionHidden columns={columns} rows={rows} rowKey={({ id }) => id} />;
}

interface OpenerProps {
  readonly backup: BackupView;
  readonly isChosen: boolean;
  readonly onChoose: (id: string) => void;
}

function Opener({ backup, isChosen, onChoose }: OpenerProps) {
  return (
    <button type="button" class="link" aria-pressed={isChosen} onClick={() => onChoose(backup.id)}>
      <Time at={backup.as_of_at} />
    </button>
  );
}

function Kind({ backup }: { readonly backup: BackupView }) {
  const words = say.value.chains;
  return (
    <span class="kind">
      <svg width={20} height={26} viewBox="-10 -18 20 26" aria-hidden="true" class="chains">
        <Sign look={lookOf(backup)} />
      </svg>
      <span>
        {words.kinds[backup.kind]} {words.origins[backup.origin]}
        {backup.hold && <span class="hint">{words.heldBy(backup.hold.owner)}</span>}
      </span>
    </span>
  );
}
