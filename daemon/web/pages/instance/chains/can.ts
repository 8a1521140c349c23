import type { BackupView } from '../../../../http/contract/backup.ts';
import type { BackupAction } from '../action.ts';
import { isForeign, isRunning } from './look.ts';

/** All that stands on a backup, whatever it is joined by; the nearest first. */
export function descendantsOf(id: string, backups: readonly BackupView[]): readonly BackupView[] {
  const found: BackupView[] = [];
  const seen = new Set([id]);
  for (let parents = new Set([id]); parents.size > 0; ) {
    const children = backups.filter(({ id: own, parent_id: of }) => of !== null && parents.has(of) && !seen.has(own));
    found.push(...children);
    for (const child of children) seen.add(child.id);
    parents = new Set(children.map((child) => child.id));
  }
  return found;
}

const RULE: Readonly<Record<BackupAction, string>> = {
  restore: 'backup:restore',
  hold: 'backup:hold',
  release: 'backup:hold',
  undo: 'prune:undo',
  remove: 'backup:delete',
};
const POSSIBLE: Readonly<Record<BackupAction, (backup: BackupView) => boolean>> = {
  restore: ({ status }) => status === 'COMPLETED',
  hold: (backup) => backup.hold === null && backup.mark === null && !isForeign(backup),
  release: ({ hold }) => hold !== null,
  undo: ({ mark }) => mark !== null,
  remove: (backup) => !isRunning(backup),
};
const ORDER = ['restore', 'undo', 'hold', 'release', 'remove'] as const satisfies readonly BackupAction[];

/** Done in Trove by the viewer's own token, which is good for his project alone. */
const BY_TOKEN: ReadonlySet<BackupAction> = new Set(['restore', 'remove']);

export interface Rights {
  readonly may: (rule: string) => boolean;
  /** The viewer is an admin, and looks at another project than that of his token. */
  readonly isElsewhere: boolean;
}

/** What somebody with these rights can do with a backup as it is now. */
export const actionsOn = (backup: BackupView, { may, isElsewhere }: Rights): readonly BackupAction[] =>
  ORDER.filter((action) => may(RULE[action]) && !(isElsewhere && BY_TOKEN.has(action)) && POSSIBLE[action](backup));
