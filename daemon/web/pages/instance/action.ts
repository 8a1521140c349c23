import type { BackupView } from '../../../http/contract/backup.ts';

/** What somebody is about to do: each is a dialog that says what it will do, and then what it did. */
export type Action =
  | { readonly kind: 'back-up-now' }
  | { readonly kind: 'hold' | 'release' | 'undo' | 'remove' | 'restore'; readonly backup: BackupView }
  | { readonly kind: 'pause' }
  | { readonly kind: 'explain'; readonly at: string };
export type Act = (action: Action) => void;
export type BackupAction = Extract<Action, { readonly backup: BackupView }>['kind'];
