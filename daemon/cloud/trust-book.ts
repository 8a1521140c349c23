import { OpenStackError, type Trust } from '../../lib/openstack/index.ts';
import type { Clock } from '../ports/clock.ts';

/** A project that lacks a trust is not asked after more often than this. */
const LACKING_MS = 30_000;
/** One that ends while it is used is of no use. */
const ENDING_MS = 60_000;

export interface TrustBookOptions {
  /** All trusts given to this service. */
  readonly list: () => Promise<readonly Trust[]>;
  readonly clock: Clock;
}

/** Which trusts open which project. */
export interface TrustBook {
  /** Lists them anew. */
  refresh(): Promise<void>;
  /** The ids of those that open the project, best first; listed anew where there is none. */
  of(projectId: string): Promise<readonly string[]>;
  /** Keystone refuses it: not to be tried again until the next list. */
  refused(trustId: string): void;
}

export function createTrustBook({ list, clock }: TrustBookOptions): TrustBook {
  let trusts: readonly Trust[] = [];
  let refused = new Set<string>();
  let listedMs = Number.NEGATIVE_INFINITY;
  let listing: Promise<void> | null = null;

  async function read(): Promise<void> {
    try {
      trusts = await list();
      refused = new Set();
      listedMs = clock.monotonicMs();
    } catch (error) {
      // An older list is better than none: a trust that ended meanwhile is refused when it is used.
      if (listedMs === Number.NEGATIVE_INFINITY || !(error instanceof OpenStackError)) throw error;
    }
  }

  function refresh(): Promise<void> {
    listing ??= read().finally(() => {
      listing = null;
    });
    return listing;
  }

  const usable = (projectId: string): readonly string[] => {
    const nowUtc = clock.nowUtc();
    return trusts
      .filter((trust) => trust.projectId === projectId && holds(trust, nowUtc) && !refused.has(trust.id))
      .toSorted(byWorth)
      .map(({ id }) => id);
  };

  return {
    refresh,
    async of(projectId) {
      const known = usable(projectId);
      if (known.length > 0 || clock.monotonicMs() - listedMs < LACKING_MS) return known;
      await refresh();
      return usable(projectId);
    },
    refused: (trustId) => void refused.add(trustId),
  };
}

function holds({ deleted, expiresUtc, remainingUses }: Trust, nowUtc: number): boolean {
  return !deleted && (expiresUtc === null || expiresUtc > nowUtc + ENDING_MS) && (remainingUses ?? 1) > 0;
}

/** Keystone keeps no time of making, so the newest is the one that lasts longest; one whose tokens are counted comes last. */
function byWorth(one: Trust, other: Trust): number {
  const counted = Number(one.remainingUses !== null) - Number(other.remainingUses !== null);
  const [ends, otherEnds] = [one, other].map(({ expiresUtc }) => expiresUtc ?? Number.MAX_SAFE_INTEGER);
  return counted || (otherEnds ?? 0) - (ends ?? 0) || (one.id < other.id ? -1 : 1);
}
