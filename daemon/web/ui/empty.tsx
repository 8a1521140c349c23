import type { ComponentChildren } from 'preact';
import { say } from '../i18n/language.ts';
import { Icon, type IconName } from './icon.tsx';

interface EmptyProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly hint?: string;
  readonly children?: ComponentChildren;
}

/** Where there is nothing to list: why, and what to do. */
export function EmptyState({ icon = 'ok', title, hint, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="title">{title}</p>
      {hint && <p class="hint">{hint}</p>}
      {children}
    </div>
  );
}

/** Holds the place of what is being read, so that nothing jumps. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="unseen">{say.value.ui.loading}</span>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} class="line" aria-hidden="true" />
      ))}
    </div>
  );
}
