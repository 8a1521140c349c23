import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => unknown;
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly icon?: IconName;
  /** It is at work: it stays focused, and does nothing. */
  readonly busy?: boolean;
  /** Why it cannot be used now; told to whoever reaches it. */
  readonly disabledBecause?: string | null;
  readonly small?: boolean;
}

export function Button({
  children,
  onClick,
  kind = 'plain',
  type = 'button',
  icon,
  busy,
  disabledBecause,
  small,
}: ButtonProps) {
  const isIdle = !busy && !disabledBecause;
  return (
    <button
      type={type}
      class={`button ${kind}${small ? ' small' : ''}`}
      aria-disabled={isIdle ? undefined : 'true'}
      aria-busy={busy ? 'true' : undefined}
      title={disabledBecause ?? undefined}
      onClick={(event) => {
        if (!isIdle) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
