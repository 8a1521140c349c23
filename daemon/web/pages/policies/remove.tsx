import { useState } from 'preact/hooks';
import type { PolicyView } from '../../../http/contract/policy.ts';
import { call } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { href } from '../../app/route.ts';
import { say } from '../../i18n/language.ts';
import { FormDialog, toast } from '../../ui/index.ts';

interface Props {
  readonly policy: PolicyView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const seen = (id: string) => call('GET v1/policies/{id}', { id });

/** Names the instances that go by it: they get another policy. What has changed since is not deleted unseen. */
export function RemovePolicy({ policy, onDone, onClose }: Props) {
  const words = say.value.policies;
  const { value } = useResource('GET v1/instances', { query: { policy: policy.name, limit: 20 } }, () => false);
  const [read, readAgain] = useState(() => seen(policy.id));
  const goers = value?.instances ?? [];
  const submit = async () => {
    const known = await read;
    const answer = known.ok ? await call('DELETE v1/policies/{id}', { id: policy.id, ifMatch: known.etag }) : known;
    if (answer.ok) toast(words.removed(policy.name));
    else readAgain(seen(policy.id));
    return answer.ok ? null : answer.failure;
  };
  const done = (): void => {
    onDone();
    onClose();
  };
  return (
    <FormDialog
      title={words.removeTitle(policy.name)}
      will={words.removeWill(policy.instances)}
      action={words.removeGo}
      danger
      onSubmit={submit}
      onDone={done}
      onClose={onClose}
    >
      {goers.length > 0 && (
        <div>
          <p>{words.goers}:</p>
          <ul class="cascade">
            {goers.map(({ id, name }) => (
              <li key={id}>
                <a href={href(['instances', id])}>{name}</a>
              </li>
            ))}
            {policy.instances > goers.length && <li>…</li>}
          </ul>
        </div>
      )}
    </FormDialog>
  );
}
