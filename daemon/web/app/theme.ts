import { signal } from '@preact/signals';
import { recall, remember } from './remember.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const stored = recall('theme');
export const theme = signal<Theme>(THEMES.find((it) => it === stored) ?? 'system');

/** All colours are light-dark() pairs: `color-scheme` alone decides. */
export function applyTheme(): void {
  document.documentElement.style.colorScheme = theme.value === 'system' ? 'light dark' : theme.value;
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  remember('theme', chosen);
  applyTheme();
}
