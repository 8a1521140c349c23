import type { Language } from '../../../lib/core/index.ts';
import { en, type Words } from './en.ts';
import { vi } from './vi.ts';

export type { Words } from './en.ts';

const CATALOGUES: { readonly [L in Language]: Words } = { en, vi };

export const wordsOf = (language: Language): Words => CATALOGUES[language];
