import type { Reason, RuleName } from '../reason.ts';
import { en } from './en.ts';
import { vi } from './vi.ts';

const CATALOGUES = { en, vi } as const;
export type Language = keyof typeof CATALOGUES;

/** One sentence for people that says why. */
export function explain(reason: Reason, language: Language = 'en'): string {
  const catalogue: { readonly [R in RuleName]: (params: never) => string } = CATALOGUES[language];
  return catalogue[reason.rule](reason.params as never);
}
