/** An instance that two complete lists lacked. */
export interface Absent {
  readonly instanceId: string;
  readonly projectId: string;
}

export interface VanishInput {
  readonly absent: readonly Absent[];
  /** Living instances we knew, by project, the absent ones counted. */
  readonly knownByProject: ReadonlyMap<string, number>;
  /** Instances already believed gone within the last 24 hours. */
  readonly goneLately: number;
  /** The share of the region, 0–1, that may vanish in a day without an operator's word. */
  readonly share: number;
}

export type VanishVerdict =
  /** All but what was in the doubted projects, whose every instance vanished. */
  | { readonly kind: 'believe'; readonly gone: readonly Absent[]; readonly doubted: ReadonlySet<string> }
  | { readonly kind: 'alarm'; readonly vanished: number; readonly known: number; readonly allowed: number };

/** Up to so many may always go: a tenant who deletes his one database is no bad answer. */
const LONE = 3;

/**
 * Whether to believe that instances are gone. A bad answer that lacks much of the region must not end schedules: then
 * none of it is believed. Nor is one that lacks all of a project of some size, but that is told of the project alone: one
 * tenant who deletes all he has must not keep the others' from being believed.
 */
export function judgeVanish(input: VanishInput): VanishVerdict {
  const known = [...input.knownByProject.values()].reduce((sum, count) => sum + count, 0);
  const allowed = Math.max(LONE, Math.floor(known * input.share));
  const vanished = input.absent.length + input.goneLately;
  if (vanished > allowed) return { kind: 'alarm', vanished, known, allowed };
  const byProject = new Map<string, number>();
  for (const { projectId } of input.absent) byProject.set(projectId, (byProject.get(projectId) ?? 0) + 1);
  const isWhole = ([projectId, absent]: readonly [string, number]): boolean =>
    absent > LONE && absent >= (input.knownByProject.get(projectId) ?? 0);
  const doubted = new Set([...byProject].filter(isWhole).map(([projectId]) => projectId));
  return { kind: 'believe', gone: input.absent.filter(({ projectId }) => !doubted.has(projectId)), doubted };
}
