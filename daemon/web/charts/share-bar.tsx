import { format } from '../i18n/format.ts';
import { say } from '../i18n/language.ts';
import { PROTECTION_ORDER, type ProtectionState } from '../ui/index.ts';

export type Counts = Readonly<Record<ProtectionState, number>>;

/** `3 unprotected, 12 late, …`: what the bar shows, in words. */
export function countsInWords(counts: Counts): string {
  const { number } = format.value;
  const there = PROTECTION_ORDER.filter((state) => counts[state] > 0);
  return there.map((state) => `${say.value.states.protection[state]}: ${number(counts[state])}`).join(', ');
}

/** How many are in which state. However few, they are seen. */
export function ShareBar({ counts, thin }: { readonly counts: Counts; readonly thin?: boolean }) {
  const there = PROTECTION_ORDER.filter((state) => counts[state] > 0);
  return (
    <div class={`share-bar${thin ? ' thin' : ''}`} role="img" aria-label={countsInWords(counts) || say.value.ui.none}>
      {there.map((state) => (
        <span key={state} class={state} style={{ flexGrow: counts[state] }} />
      ))}
    </div>
  );
}
