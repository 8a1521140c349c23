import type { Reason } from '../reason.ts';
import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';
import { vi } from './vi.ts';

const CATALOGUES = { en, vi } as const satisfies Readonly<Record<string, Catalogue>>;
export type Language = keyof typeof CATALOGUES;

/** One sentence for people that says why. */
export function explain(reason: Reason, language: Language = 'en'): string {
  const sentence = CATALOGUES[language][reason.rule] as (params: object, tell: (inner: Reason) => string) => string;
  return sentence(reason.params, (inner) => explain(inner, language));
}
