import { computed, signal } from '@preact/signals';
import { recall, remember } from '../app/remember.ts';
import { en } from './en/index.ts';
import type { Sentences } from './sentences.ts';
import { vi } from './vi/index.ts';

export const LANGUAGES = { en: 'English', vi: 'Tiếng Việt' } as const;
export type Language = keyof typeof LANGUAGES;

const CATALOGUES: Readonly<Record<Language, Sentences>> = { en, vi };

function firstLanguage(): Language {
  const wished = [recall('language'), ...navigator.languages].map((tag) => tag?.toLowerCase().split('-')[0]);
  return wished.find((tag): tag is Language => tag === 'en' || tag === 'vi') ?? 'en';
}

export const language = signal<Language>(firstLanguage());
/** Of the language chosen the form that the reader's browser names, such as en-GB: by it dates and numbers are written. */
export const locale = computed(
  () => navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language.value) ?? language.value,
);
/** Every sentence of the page, in the language chosen: `say.value.overview.title`. */
export const say = computed(() => CATALOGUES[language.value]);

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  remember('language', chosen);
}

language.subscribe((now) => {
  document.documentElement.lang = now;
});
