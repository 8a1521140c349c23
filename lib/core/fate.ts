import { intervalMs } from './cadence.ts';
import { type Chain, recoveryPoints } from './chain.ts';
import { asOfUtc, type Backup, isManaged, isRunning, type ManagedBackup } from './model.ts';
import { surplusFailed } from './prune.ts';
import { because, type Reason } from './reason.ts';
import { type RetentionInput, wantedPoints } from './retention.ts';
import { agedUntil } from './standstill.ts';

/** What is to become of a backup of ours, and why. `blocked`: nothing wants it, and it must not go now. */
export type Fate =
  | { readonly kind: 'kept'; readonly because: readonly Reason[] }
  | { readonly kind: 'removable' | 'blocked'; readonly because: Reason };

export interface FatesInput extends RetentionInput {
  /** Backups of other instances: one may stand on a backup of this. */
  readonly elsewhere: readonly Backup[];
  /** Why nothing of the instance goes until somebody has looked at it. */
  readonly paused?: Reason | null;
}

const byId = (a: Backup, b: Backup): number => (a.id < b.id ? -1 : 1);

/** What forbids every deletion of an instance's backups for now. */
function instanceBlocked(
  { backups, goneUtc, policy, nowUtc, paused }: FatesInput,
  newest: ManagedBackup | undefined,
): Reason | null {
  if (paused) return paused;
  for (const { id, ownership } of backups) {
    if (ownership.kind === 'conflict') return because('owner-conflict', { backup: id, owner: ownership.owner });
  }
  if (goneUtc !== null) return null;
  const interval = intervalMs(policy.cadence);
  if (!newest || nowUtc - asOfUtc(newest) <= 2 * interval) return null;
  return because('no-recent-success', { pointUtc: asOfUtc(newest), intervalMs: interval });
}

/** Of what is no recovery point and must stay all the same. */
const worth = ({ status }: Backup): Reason =>
  status === 'FAILED' ? because('kept-failed', {}) : because('kept-no-point', { status });

/** The fates of one instance's backups, found leaf first. */
class Fates {
  readonly #children: ReadonlyMap<string | null, readonly Backup[]>;
  readonly #ours: ReadonlyMap<string, ManagedBackup>;
  readonly #fates = new Map<string, Fate>();
  readonly #wanted: ReadonlyMap<string, readonly Reason[]>;
  readonly #points: ReadonlySet<string>;
  readonly #surplus: ReadonlyMap<string, Reason>;
  /** Its instance is gone for longer than anything of it is kept that is no recovery point. */
  readonly #isOver: boolean;

  constructor(input: FatesInput, points: readonly Chain[]) {
    const { backups, elsewhere, gone, goneUtc, retention, nowUtc, standstills = [] } = input;
    const keepMs = retention?.onDelete.keepMs;
    this.#isOver =
      goneUtc !== null && keepMs !== undefined && nowUtc >= agedUntil(goneUtc, keepMs, standstills, nowUtc);
    const ours = backups.filter(isManaged).filter(({ id }) => !gone.has(id));
    this.#children = Map.groupBy([...backups, ...elsewhere], ({ parentId }) => parentId);
    this.#ours = new Map(ours.map((backup) => [backup.id, backup]));
    this.#wanted = wantedPoints(input, points);
    this.#points = new Set(points.map(({ tip }) => tip.id));
    this.#surplus = new Map(surplusFailed(ours).map(({ backup, because: reason }) => [backup.id, reason]));
  }

  all(): ReadonlyMap<string, Fate> {
    for (const backup of this.#ours.values()) this.#of(backup);
    return this.#fates;
  }

  #of(backup: ManagedBackup): Fate {
    const known = this.#fates.get(backup.id);
    if (known) return known;
    // Should parents ever go in a circle, what is being looked at already blocks.
    this.#fates.set(backup.id, {
      kind: 'blocked',
      because: because('has-child', { child: backup.id, project: backup.projectId }),
    });
    const fate = this.#judge(backup);
    this.#fates.set(backup.id, fate);
    return fate;
  }

  #judge(backup: ManagedBackup): Fate {
    const wanted = this.#wanted.get(backup.id);
    if (wanted) return { kind: 'kept', because: wanted };
    if (isRunning(backup) && !this.#isOver)
      return { kind: 'kept', because: [because('kept-running', { status: backup.status })] };
    const reason = this.#unwanted(backup);
    if (!reason) return { kind: 'kept', because: [worth(backup)] };
    const blocked = this.#held(backup);
    return blocked ? { kind: 'blocked', because: blocked } : { kind: 'removable', because: reason };
  }

  /** Why nothing wants it, or null where nobody knows what it is worth. */
  #unwanted(backup: ManagedBackup): Reason | null {
    if (this.#points.has(backup.id)) return because('unwanted', {});
    const { status } = backup;
    if (this.#isOver && (isRunning(backup) || status === 'FAILED')) return because('left-by-instance', { status });
    const surplus = this.#surplus.get(backup.id);
    if (surplus || backup.status !== 'FAILED') return surplus ?? null;
    // The newest failed one tells its owner of it; under a parent that may go it would only hold that.
    const { parentId } = backup;
    if (parentId === null || !this.#points.has(parentId) || this.#wanted.has(parentId)) return null;
    return because('failed-on-unwanted', { parent: parentId });
  }

  /** What stays of all that stands on it: the first of it, not what lies between. */
  #held({ id }: Backup): Reason | null {
    for (const child of this.#children.get(id) ?? []) {
      const ours = this.#ours.get(child.id);
      const fate = ours && this.#of(ours);
      if (fate?.kind === 'blocked') return fate.because;
      if (fate?.kind !== 'removable') return because('has-child', { child: child.id, project: child.projectId });
    }
    return null;
  }
}

/**
 * What is to become of each backup of ours of one instance. Those under a delete intent are left out. The reasons do not
 * hang on the order of Trove's lists: of several children the same one is named every time.
 */
export function fates(listed: FatesInput): ReadonlyMap<string, Fate> {
  const input = { ...listed, backups: listed.backups.toSorted(byId), elsewhere: listed.elsewhere.toSorted(byId) };
  const points = recoveryPoints(input.instance, input.backups, input.gone);
  const found = new Fates(input, points).all();
  const blocked = instanceBlocked(input, points[0]?.tip);
  if (!blocked) return found;
  // What failed is no recovery point: no success is waited for before it goes.
  const isPoint = new Set(points.map(({ tip }) => tip.id));
  const isHeld = (id: string): boolean => blocked.rule !== 'no-recent-success' || isPoint.has(id);
  return new Map(
    [...found].map(([id, fate]) => [
      id,
      fate.kind === 'removable' && isHeld(id) ? { kind: 'blocked', because: blocked } : fate,
    ]),
  );
}
