import { useState } from 'preact/hooks';
import type { InstanceRow } from '../../../http/contract/instance.ts';
import type { OverviewView } from '../../../http/contract/overview.ts';
import { call } from '../../api/client.ts';
import type { Failure } from '../../api/failure.ts';
import { newKey } from '../../api/key.ts';
import { href } from '../../app/route.ts';
import { may } from '../../app/session.ts';
import { say } from '../../i18n/language.ts';
import { Button, toast, wordsOf } from '../../ui/index.ts';

export type Action = OverviewView['attention'][number]['action'];

/** What can be done from here, and what one must be allowed to for it. */
const DEEDS: Readonly<
  Partial<Record<Action, { readonly rule: string; readonly act: (it: InstanceRow) => Promise<Failure | null> }>>
> = {
  'back-up-now': { rule: 'run:create', act: backUp },
  resume: { rule: 'schedule:change', act: (it) => amend(it, { pause: null }) },
  'opt-in': { rule: 'schedule:change', act: (it) => amend(it, { enabled: true }) },
};

async function backUp({ id }: InstanceRow): Promise<Failure | null> {
  const answer = await call('POST v1/instances/{id}/runs', { id, body: {}, idempotencyKey: newKey() });
  return answer.ok ? null : answer.failure;
}

/** On the schedule as it is now, so that nobody's change of the same moment is undone. */
async function amend({ id }: InstanceRow, body: { pause: null } | { enabled: true }): Promise<Failure | null> {
  const read = await call('GET v1/instances/{id}/schedule', { id });
  if (!read.ok) return read.failure;
  const answer = await call('PATCH v1/instances/{id}/schedule', { id, body, ifMatch: read.etag });
  return answer.ok ? null : answer.failure;
}

interface MendProps {
  readonly instance: InstanceRow;
  readonly action: Action;
  readonly onDone: () => void;
}

/** The one thing that mends it: a button where it can be done from here, else what to ask of whom. */
export function Mend({ instance, action, onDone }: MendProps) {
  const [busy, setBusy] = useState(false);
  const { mend } = say.value;
  const deed = DEEDS[action];
  if (!deed || !may(deed.rule)) {
    return (
      <div class="mend">
        {!deed && <span class="hint">{mend[action]}</span>}
        <a class="button small" href={href(['instances', instance.id])}>
          {mend.details}
          <span class="unseen">{instance.name}</span>
        </a>
      </div>
    );
  }
  const act = async (): Promise<void> => {
    setBusy(true);
    const failure = await deed.act(instance);
    setBusy(false);
    const { name } = instance;
    if (failure) toast(wordsOf(failure).message, 'bad');
    else toast(action === 'back-up-now' ? mend.backupAsked({ name }) : mend.resumed({ name }));
    if (!failure) onDone();
  };
  return (
    <div class="mend">
      <Button small busy={busy} onClick={act}>
        {mend[action]}
        <span class="unseen">{instance.name}</span>
      </Button>
    </div>
  );
}
