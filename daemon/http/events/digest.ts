import { CHANGE_KINDS, type Change, type ChangeKind } from '../../ports/events.ts';

/** More at a time are told by their kinds alone. */
const MOST = 4;

/** What has changed since it was told last: of one thing once, and never more than can be told at a time. */
export interface Digest {
  add(change: Change): void;
  /** Everything may have changed. */
  addAll(): void;
  readonly isEmpty: boolean;
  /** Begins anew. */
  take(): readonly Change[];
}

export function createDigest(): Digest {
  const single = new Map<string, Change>();
  /** Kinds of which one has to look at everything. */
  const whole = new Set<ChangeKind>();

  function collapse(): void {
    for (const { kind } of single.values()) whole.add(kind);
    single.clear();
  }

  return {
    add(change) {
      const { kind, projectId, instanceId } = change;
      if (whole.has(kind)) return;
      single.set(`${kind} ${projectId} ${instanceId}`, change);
      if (single.size > MOST) collapse();
    },
    addAll() {
      collapse();
      for (const kind of CHANGE_KINDS) whole.add(kind);
    },
    get isEmpty() {
      return single.size === 0 && whole.size === 0;
    },
    take() {
      const all = [...whole].map((kind): Change => ({ kind, projectId: null, instanceId: null }));
      const some = [...single.values()].filter(({ kind }) => !whole.has(kind));
      single.clear();
      whole.clear();
      return [...all, ...some];
    },
  };
}
