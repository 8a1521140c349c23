import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import { type CloudPort, CloudUnavailable, isShutOut } from '../ports/cloud.ts';
import type { KnownInstance } from '../ports/inventory.ts';

/** What lists lack and is not found to be gone may be so for long; for so long it is not asked for again, others are. */
const NOT_GONE_FOR_MS: DurationMs = 60 * 60_000;

export interface Answers {
  readonly gone: readonly KnownInstance[];
  /** Not all were asked for: it would have been too many. */
  readonly isCut: boolean;
}

export interface Bounds {
  /** No more are asked for when more than these are gone. */
  readonly gone: number;
  /** Or when of so many more it is found out that they are not. */
  readonly lacking: number;
}

/** Whether what lists lack is really gone. What cannot be asked is not. */
export interface Existence {
  ask(absent: readonly KnownInstance[], most: Bounds, signal: AbortSignal): Promise<Answers>;
  /** All of these, asked for anew. */
  askAll(absent: readonly KnownInstance[], signal: AbortSignal): Promise<readonly KnownInstance[]>;
  /** Those that Keystone has no more, or has disabled. */
  goneProjects(projectIds: Iterable<string>, signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export function createExistence({ cloud, clock }: { cloud: CloudPort; clock: Clock }): Existence {
  /** By id, when to ask again. */
  const notGone = new Map<string, number>();

  /**
   * As admin first: that takes nothing of a tenant's rate, which may be long in coming, and most of what lists lack is there.
   * What an admin does not see its project has to confirm, unless it shuts this service out.
   */
  async function find({ projectId, instanceId }: KnownInstance, signal: AbortSignal) {
    const found = await cloud.instanceAsAdmin(projectId, instanceId, signal);
    if (found !== null) return found;
    try {
      return await cloud.instance(projectId, instanceId, signal);
    } catch (error) {
      if (error instanceof CloudUnavailable && isShutOut(error)) return null;
      throw error;
    }
  }

  async function isGone(known: KnownInstance, signal: AbortSignal): Promise<boolean> {
    const found = await find(known, signal).catch(noAnswer);
    if (found !== null) notGone.set(known.instanceId, clock.monotonicMs() + NOT_GONE_FOR_MS);
    return found === null;
  }

  return {
    async ask(absent, most, signal) {
      for (const [id, untilMs] of notGone) if (untilMs <= clock.monotonicMs()) notGone.delete(id);
      const unsure = absent.filter(({ instanceId }) => !notGone.has(instanceId));
      const gone: KnownInstance[] = [];
      let asked = 0;
      for (const known of unsure) {
        if (gone.length > most.gone || asked - gone.length > most.lacking) break;
        asked++;
        if (await isGone(known, signal)) gone.push(known);
      }
      return { gone, isCut: asked < unsure.length };
    },
    async askAll(absent, signal) {
      const gone: KnownInstance[] = [];
      for (const known of absent) if (await isGone(known, signal)) gone.push(known);
      return gone;
    },
    async goneProjects(projectIds, signal) {
      const gone = new Set<string>();
      for (const id of projectIds) if ((await cloud.isProjectGone(id, signal).catch(noAnswer)) === true) gone.add(id);
      return gone;
    },
  };
}

function noAnswer(error: unknown): undefined {
  if (error instanceof CloudUnavailable) return undefined;
  throw error;
}
