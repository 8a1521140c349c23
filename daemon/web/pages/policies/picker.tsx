import { useEffect, useId, useState } from 'preact/hooks';
import { call } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { say } from '../../i18n/language.ts';

export interface Picked {
  readonly id: string;
  readonly name: string;
  /** null: not known, or none. */
  readonly quotaLimit: number | null;
}

interface PickerProps {
  readonly picked: Picked | null;
  readonly onPick: (picked: Picked | null) => void;
}

const REST_MS = 250;

/** An instance to look ahead for, found by a part of its name among however many there are. */
export function InstancePicker({ picked, onPick }: PickerProps) {
  const words = say.value.policies;
  const id = useId();
  const [text, setText] = useState(picked?.name ?? '');
  const [asked, ask] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => ask(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { value } = useResource('GET v1/instances', { query: { name: asked, limit: 20 } }, () => false);
  const found = value?.instances ?? [];
  const match = found.find(({ id: own, name }) => name === text || own === text)?.id ?? null;
  useEffect(() => {
    if (match === (picked?.id ?? null)) return;
    if (match === null) return onPick(null);
    const ending = new AbortController();
    void call('GET v1/instances/{id}', { id: match, signal: ending.signal }).then((answer) => {
      if (!answer.ok || ending.signal.aborted) return;
      const { name, quota } = answer.value.instance;
      const limit = quota.limit !== null && quota.limit >= 0 ? quota.limit : null;
      onPick({ id: match, name, quotaLimit: limit });
    });
    return () => ending.abort();
  }, [match]);
  return (
    <div class="field">
      <label for={id}>{words.forInstance}</label>
      <input
        id={id}
        list={`${id}-instances`}
        value={text}
        placeholder={words.noInstance}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <datalist id={`${id}-instances`}>
        {found.map((instance) => (
          <option key={instance.id} value={instance.name} />
        ))}
      </datalist>
    </div>
  );
}
