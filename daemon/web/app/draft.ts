import { useState } from 'preact/hooks';

/** Form input that outlives its form: a page that was left, a reload, an update of what is edited. */
export interface Draft<T> {
  readonly value: T;
  readonly set: (change: Partial<T>) => void;
  /** It differs from what it began as. */
  readonly isDirty: boolean;
  /** What it began as is no longer what is stored. */
  readonly changedMeanwhile: boolean;
  /** Goes on with what was typed, on what is stored now. */
  readonly keepMine: () => void;
  /** Drops what was typed for what is stored now. */
  readonly reset: () => void;
}

interface Kept<T> {
  /** As it was stored when the first letter was typed. */
  readonly base: T;
  readonly value: T;
}

const PREFIX = 'trove-autobackup.draft.';

function read<T>(name: string): Kept<T> | null {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null') as Kept<T> | null;
  } catch {
    return null; // storage is forbidden here: the draft lives as long as its form
  }
}

function write(name: string, kept: unknown): void {
  try {
    if (kept === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));
  } catch {
    // storage is full or forbidden: the draft lives as long as its form
  }
}

/** Of whoever signs in next they are none of the business. */
export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // storage is forbidden here: nothing was kept
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `stored` is what the service has now; it may change while one types. Never for passwords. */
export function useDraft<T extends object>(name: string, stored: T): Draft<T> {
  const [kept, keep] = useState<Kept<T> | null>(() => read(name));
  const { base, value } = kept ?? { base: stored, value: stored };
  const change = (next: Kept<T> | null): void => {
    keep(next);
    write(name, next);
  };
  return {
    value,
    isDirty: !same(value, base),
    changedMeanwhile: kept !== null && !same(base, stored) && !same(value, stored),
    set: (part) => {
      const next = { base, value: { ...value, ...part } };
      change(same(next.value, stored) ? null : next);
    },
    keepMine: () => change({ base: stored, value }),
    reset: () => change(null),
  };
}
