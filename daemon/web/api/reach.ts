import { signal } from '@preact/signals';

/** Since when nothing answers, epoch ms; null while the service does. */
export const silentSince = signal<number | null>(null);

export function noteSilence(): void {
  silentSince.value ??= Date.now();
}

let answered = 0;
/** How many times it has answered so far. */
export const answers = (): number => answered;

export function noteAnswer(): void {
  answered += 1;
  silentSince.value = null;
}
