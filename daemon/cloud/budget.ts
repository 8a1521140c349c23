import { type Limits, OpenStackError } from '../../lib/openstack/index.ts';
import { type Clock, sleep } from '../ports/clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Trove's default for each verb. (Trove: trove/common/cfg.py http_get_rate) */
const USUAL = 200;
/** Of what may go at once: all that a new life takes for granted. The one before may have used the rest just now. */
const AT_FIRST = 0.1;

export interface BudgetOptions {
  /** Of each project's limit. */
  readonly share: number;
  /** Where OpenStack gives no answer, the usual limit is assumed for a minute. */
  readonly readLimits: (projectId: string) => Promise<Limits>;
  readonly clock: Clock;
  /** Handed on from the budget before, whose requests count on. */
  readonly buckets?: Buckets | undefined;
}

/** What was used of each project's share. */
export interface Buckets {
  readonly bornMs: number;
  readonly projects: Map<string, Project>;
}

export const createBuckets = (clock: Clock): Buckets => ({ bornMs: clock.monotonicMs(), projects: new Map() });

/** Waits for a place. */
export type Budget = (projectId: string, verb: string, signal: AbortSignal) => Promise<void>;

interface Rates {
  /** Requests a minute, by verb. */
  readonly perMinute: (verb: string) => number;
  readonly staleMs: number;
}

export interface Project {
  rates: Promise<Rates> | null;
  staleMs: number;
  /** By verb, how many requests were taken and have not run off yet at an instant. */
  readonly taken: Map<string, { readonly requests: number; readonly atMs: number }>;
}

/**
 * Trove charges a request to the project of its token, so what this service does is taken from the tenant's own limit. It
 * takes no more than its share: as much at once, and as much a minute, as the share of what Trove allows a minute (Trove:
 * trove/common/limits.py Limit, a leaky bucket). A tenant who keeps to the rest is then never refused because of it. What
 * exceeds the share waits, first come first served.
 */
export function createBudget({ share, readLimits, clock, buckets = createBuckets(clock) }: BudgetOptions): Budget {
  const { projects, bornMs } = buckets;
  let sweptMs = clock.monotonicMs();

  async function readRates(projectId: string): Promise<Rates> {
    try {
      const { rates } = await readLimits(projectId);
      const known = new Map(rates.filter(({ uri }) => uri === '*').map((rate) => [rate.verb, perMinute(rate)]));
      return { perMinute: (verb) => known.get(verb) ?? USUAL, staleMs: clock.monotonicMs() + HOUR_MS };
    } catch (error) {
      if (!(error instanceof OpenStackError)) throw error;
      return { perMinute: () => USUAL, staleMs: clock.monotonicMs() + MINUTE_MS };
    }
  }

  /** Asked once however many wait; the question is charged to the project too. */
  function ratesOf(projectId: string, project: Project): Promise<Rates> {
    if (project.rates !== null && clock.monotonicMs() < project.staleMs) return project.rates;
    const rates = readRates(projectId).then((known) => {
      take(project, 'GET', known.perMinute('GET'));
      return known;
    });
    project.rates = rates;
    project.staleMs = Number.POSITIVE_INFINITY;
    rates.then(
      ({ staleMs }) => {
        project.staleMs = staleMs;
      },
      () => {
        project.rates = null;
      },
    );
    return rates;
  }

  /** Takes the next place; how long it is until then. */
  function take({ taken }: Project, verb: string, limit: number): number {
    const nowMs = clock.monotonicMs();
    const eachMs = MINUTE_MS / (share * limit);
    const atOnce = Math.max(1, Math.floor(share * limit));
    const first = { requests: atOnce - Math.max(1, Math.floor(atOnce * AT_FIRST)), atMs: bornMs };
    const { requests: before, atMs } = taken.get(verb) ?? first;
    const requests = Math.max(0, before - (nowMs - atMs) / eachMs) + 1;
    taken.set(verb, { requests, atMs: nowMs });
    return Math.max(0, requests - atOnce) * eachMs;
  }

  function projectOf(id: string): Project {
    sweep();
    const known = projects.get(id) ?? { rates: null, staleMs: 0, taken: new Map() };
    projects.set(id, known);
    return known;
  }

  /** Projects come and go; one that was left alone for an hour has all its places again. */
  function sweep(): void {
    const nowMs = clock.monotonicMs();
    if (nowMs - sweptMs < HOUR_MS) return;
    sweptMs = nowMs;
    for (const [id, { staleMs, taken }] of projects) {
      if (staleMs < nowMs && [...taken.values()].every(({ atMs }) => atMs < nowMs - HOUR_MS)) projects.delete(id);
    }
  }

  return async (projectId, verb, signal) => {
    const project = projectOf(projectId);
    const rates = await ratesOf(projectId, project);
    const waitMs = take(project, verb, rates.perMinute(verb));
    if (waitMs > 0) await sleep(clock, waitMs, signal);
  };
}

const UNITS: Readonly<Record<string, number>> = { SECOND: 1 / 60, MINUTE: 1, HOUR: 60, DAY: 1_440 };

function perMinute({ value, unit }: { readonly value: number; readonly unit: string }): number {
  return value / (UNITS[unit] ?? 1);
}
