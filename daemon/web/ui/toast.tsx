import { signal } from '@preact/signals';
import { say } from '../i18n/language.ts';
import { Icon } from './icon.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad';
}

const SHOWN_MS = 8_000;
const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

const drop = (id: number): void => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

/** A word on what was just done. What is bad stays until it is dismissed. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value, { id, text, tone }];
  if (tone === 'good') setTimeout(() => drop(id), SHOWN_MS);
}

export function Toasts() {
  return (
    <section class="toasts" aria-live="polite" aria-label={say.value.ui.notices}>
      {toasts.value.map(({ id, text, tone }) => (
        <div class={`note ${tone}`} key={id}>
          <Icon name={tone === 'good' ? 'ok' : 'unprotected'} />
          <p>{text}</p>
          <button type="button" class="button quiet small" aria-label={say.value.ui.dismiss} onClick={() => drop(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </section>
  );
}
