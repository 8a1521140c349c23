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
  | { readonly kind: 'believe' }
  | { readonly kind: 'alarm'; readonly vanished: number; readonly known: number; readonly allowed: number };

/** Up to so many may always go: a tenant who deletes his one database is no bad answer. */
const LONE = 3;

/**
 * Whether to believe that instances are gone. A bad answer that lacks much of the region, or all of a project of
 * some size, must not end schedules: then an operator has to confirm.
 */
export function judgeVanish(input: VanishInput): VanishVerdict {
  const known = [...input.knownByProject.values()].reduce((sum, count) => sum + count, 0);
  const allowed = Math.max(LONE, Math.floor(known * input.share));
  const vanished = input.absent.length + input.goneLately;
  const byProject = new Map<string, number>();
  for (const { projectId } of input.absent) byProject.set(projectId, (byProject.get(projectId) ?? 0) + 1);
  const wholeProject = [...byProject].some(
    ([projectId, absent]) => absent > LONE && absent >= (input.knownByProject.get(projectId) ?? 0),
  );
  return vanished > allowed || wholeProject ? { kind: 'alarm', vanished, known, allowed } : { kind: 'believe' };
}
