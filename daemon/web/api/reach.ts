import { signal } from '@preact/signals';

/** Since when nothing answers, epoch ms; null while the service does. */
export const silentSince = signal<number | null>(null);

export function noteSilence(): void {
  silentSince.value ??= Date.now();
}

export function noteAnswer(): void {
  silentSince.value = null;
}
