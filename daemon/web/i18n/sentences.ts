import type { en } from './en/index.ts';

/** The shape of a catalogue without its words: what English says, every language says. */
export type Same<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Same<T[K]> };

export type Sentences = Same<typeof en>;
