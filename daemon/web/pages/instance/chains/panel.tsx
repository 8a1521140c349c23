import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BackupView } from '../../../../http/contract/backup.ts';
import { now } from '../../../api/now.ts';
import { useResource } from '../../../api/resource.ts';
import { everywhere, may, meant } from '../../../app/session.ts';
import { format } from '../../../i18n/format.ts';
import { say } from '../../../i18n/language.ts';
import { Button, Reasons, Time } from '../../../ui/index.ts';
import type { Act } from '../action.ts';
import { about } from '../news.ts';
import { actionsOn, descendantsOf } from './can.ts';
import { isForeign, lookOf } from './look.ts';
import { Sign } from './mark.tsx';

interface PanelProps {
  readonly instanceId: string;
  readonly backup: BackupView | null;
  readonly backups: readonly BackupView[];
  readonly act: Act;
  readonly onGo: (id: string) => void;
}

/** All that is known of one backup; the same for who points at it and for who walks to it. */
export function Panel({ instanceId, backup, backups, act, onGo }: PanelProps) {
  const words = say.value.chains;
  if (backup === null) return <p class="panel is-empty hint">{words.choose}</p>;
  return (
    <section class="panel" aria-label={backup.name}>
      <header>
        <svg width={26} height={30} viewBox="-13 -20 26 30" aria-hidden="true" class="chains">
          <Sign look={lookOf(backup)} />
        </svg>
        <div>
          <h3>
            {words.kinds[backup.kind]} · <Time at={backup.as_of_at} as="both" />
          </h3>
          <p class="code faint">{backup.name}</p>
        </div>
      </header>
      <Facts backup={backup} backups={backups} onGo={onGo} />
      <Reason instanceId={instanceId} backup={backup} />
      <Actions backup={backup} act={act} />
    </section>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ backup, backups, onGo }: Pick<PanelProps, 'backups' | 'onGo'> & { readonly backup: BackupView }) {
  const words = say.value.chains;
  const { time, relative, gigabytes } = format.value;
  const parent = backups.find(({ id }) => id === backup.parent_id);
  const above = descendantsOf(backup.id, backups).length;
  const { hold, mark } = backup;
  return (
    <dl class="facts">
      <Row name={words.status}>
        {words.states[lookOf(backup).state]} ({backup.status})
      </Row>
      <Row name={words.size}>{backup.size_gb === null ? words.sizeUnknown : gigabytes(backup.size_gb)}</Row>
      <Row name={words.standsOn}>
        {parent ? (
          <button type="button" class="link" onClick={() => onGo(parent.id)}>
            {`${words.kinds[parent.kind]}, ${time(Date.parse(parent.as_of_at))}`}
          </button>
        ) : (
          (backup.parent_id ?? words.nothing)
        )}
      </Row>
      <Row name={words.standsOnIt}>{above === 0 ? words.nothing : words.count(above)}</Row>
      <Row name={words.goes}>
        {mark
          ? words.goesAt({ time: time(Date.parse(mark.goes_at)), away: relative(Date.parse(mark.goes_at), now.value) })
          : isForeign(backup)
            ? words.notOurs
            : words.stays}
      </Row>
      {hold && (
        <Row name={words.heldBy(hold.owner)}>
          {hold.note} ({hold.until_at === null ? words.heldForGood : words.heldUntil(time(Date.parse(hold.until_at)))})
        </Row>
      )}
      <Row name={words.id}>
        <span class="code">{backup.id}</span>
      </Row>
    </dl>
  );
}

const SETTLE_MS = 200;

/** Why it is there and what keeps it; asked for once the pointer rests. */
function Reason({ instanceId, backup }: { readonly instanceId: string; readonly backup: BackupView }) {
  const [settled, settle] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => settle(backup.id), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [backup.id]);
  const wish = settled === backup.id ? { id: instanceId, query: { backup_id: backup.id, ...everywhere.value } } : null;
  const { value } = useResource('GET v1/instances/{id}/explain', wish, about(instanceId));
  const known = value?.explanation.backup;
  const there = known?.id === backup.id ? known.there : [];
  const words = say.value.chains;
  const isKept = lookOf(backup).state === 'kept' || lookOf(backup).state === 'running';
  return (
    <div class="why">
      {backup.because.length > 0 && (
        <div>
          <h4>{isKept ? words.why : words.whyNot}</h4>
          <Reasons reasons={backup.because} />
        </div>
      )}
      {there.length > 0 && (
        <div>
          <h4>{words.whyThere}</h4>
          <Reasons reasons={there} />
        </div>
      )}
    </div>
  );
}

function Actions({ backup, act }: { readonly backup: BackupView; readonly act: Act }) {
  const isElsewhere = meant.value.project_id !== undefined;
  const possible = actionsOn(backup, { may, isElsewhere });
  const words = say.value.actions;
  if (!may('backup:hold') && !may('backup:delete')) return <p class="hint">{say.value.chains.readerOnly}</p>;
  return (
    <div class="stack">
      <div class="actions">
        {possible.map((kind) => (
          <Button key={kind} small kind={kind === 'remove' ? 'danger' : 'plain'} onClick={() => act({ kind, backup })}>
            {words[kind].open}
          </Button>
        ))}
      </div>
      {isElsewhere && <p class="hint">{say.value.chains.elsewhere}</p>}
    </div>
  );
}
