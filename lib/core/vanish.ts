/** An instance that two complete lists lacked. */
export interface Absent {
  readonly instanceId: string;
  readonly projectId: string;
}

/** How much of the region may vanish. */
export interface VanishBounds {
  /** Living instances we knew, the absent ones counted. */
  readonly known: number;
  /** Instances believed gone within the last 24 hours, and confirmed by nobody. */
  readonly goneLately: number;
  /** The share of the region, 0–1, that may vanish in a day without an operator's word. */
  readonly share: number;
}

export interface VanishInput extends VanishBounds {
  /** What is absent and was answered to be gone, one by one. */
  readonly gone: readonly Absent[];
  /** How many are absent that are there all the same, or of which no answer came. */
  readonly lacking: number;
  /** Not all were asked for, so that more may be gone than is known. */
  readonly isCut: boolean;
}

/** `gone`: more than may be. `lacking`: so much is absent without being gone that it is the list that is wrong. */
export interface VanishAlarm {
  readonly kind: 'gone' | 'lacking';
  readonly vanished: number;
  readonly known: number;
  readonly allowed: number;
}

export interface VanishVerdict {
  readonly believed: readonly Absent[];
  readonly alarm: VanishAlarm | null;
}

/** Up to so many may always go: a tenant who deletes his one database is no bad answer. */
const LONE = 3;

/** Of a project from which so many are absent at once that it is doubted if it is all of them. */
export const isOfSome = (count: number): boolean => count > LONE;

const allowedOf = ({ known, share }: VanishBounds): number => Math.max(LONE, Math.floor(known * share));

/** How many more may go today. */
export const leftToVanish = (bounds: VanishBounds): number => allowedOf(bounds) - bounds.goneLately;

/** Projects of which every instance is absent. */
export function wholeProjects<A extends Absent>(
  absent: readonly A[],
  knownByProject: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly A[]> {
  const byProject = new Map<string, A[]>();
  for (const one of absent) {
    const others = byProject.get(one.projectId);
    if (others) others.push(one);
    else byProject.set(one.projectId, [one]);
  }
  return new Map([...byProject].filter(([id, rows]) => rows.length >= (knownByProject.get(id) ?? 0)));
}

/**
 * Whether to believe that instances are gone. A bad answer must not end schedules: where more is gone than may be in a day,
 * none of it is believed. Projects of some size that vanished as a whole are not among them: nobody but an operator or
 * Keystone can confirm those, and a tenant who deletes all he has must not keep the others' from being believed.
 */
export function judgeVanish({ gone, lacking, isCut, ...bounds }: VanishInput): VanishVerdict {
  const { known, goneLately } = bounds;
  const allowed = allowedOf(bounds);
  const vanished = gone.length + goneLately;
  if (vanished > allowed) return { believed: [], alarm: { kind: 'gone', vanished, known, allowed } };
  const alarm = lacking > allowed ? ({ kind: 'lacking', vanished: lacking, known, allowed } as const) : null;
  return { believed: isCut ? [] : gone, alarm };
}
