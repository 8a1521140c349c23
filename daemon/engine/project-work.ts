import { CallerCloudError } from '../ports/caller-cloud.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { DeparturesPort } from '../ports/departures.ts';
import type { PointsPort } from '../ports/points.ts';
import type { ProjectWork } from '../ports/project-work.ts';
import type { Turns } from './turns.ts';

const AGAIN_MS = 100;

export interface ProjectWorkDeps {
  readonly turns: Turns;
  readonly clock: Clock;
  readonly points: Pick<PointsPort, 'suspect'>;
  readonly departures: Pick<DeparturesPort, 'depart' | 'stay'>;
  /** Told when recovery points of ours may be gone. */
  readonly onSuspects: () => void;
  /** Told when somebody gave the project's turn back, or waits for it no more. */
  readonly onGiven: () => void;
}

/** Rejects when the signal aborts, whatever becomes of the work. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const hadNoEffect = (error: unknown): boolean => error instanceof CallerCloudError && error.fault !== 'unknown';

export function createProjectWork(deps: ProjectWorkDeps): ProjectWork {
  const { turns, clock, points, departures, onSuspects, onGiven } = deps;
  /** Of each project the last of those who wait: first come, first served. */
  const tails = new Map<string, Promise<void>>();

  async function take(projectId: string, before: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
    if (before) {
      await orAborted(before, signal);
      // The engine, which was told of the turn that is free, has one between two: backups are made however many wait.
      await orAborted(sleep(clock, AGAIN_MS, signal), signal);
    }
    signal.throwIfAborted();
    const wanted = turns.want(projectId);
    try {
      while (!wanted.take()) await orAborted(sleep(clock, AGAIN_MS, signal), signal);
    } catch (error) {
      wanted.leave();
      onGiven();
      throw error;
    }
  }

  async function suspect(backupIds: readonly string[]): Promise<void> {
    if (await points.suspect(backupIds)) onSuspects();
  }

  return {
    async inTurn(projectId, work, signal) {
      const before = tails.get(projectId);
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const tail = Promise.resolve(before).then(() => done);
      tails.set(projectId, tail);
      try {
        await take(projectId, before, signal);
        try {
          return await work();
        } finally {
          turns.give(projectId);
          onGiven();
        }
      } finally {
        resolve();
        if (tails.get(projectId) === tail) tails.delete(projectId);
      }
    },
    async deleting({ projectId, backupIds }, send) {
      await departures.depart(
        backupIds.map((backupId) => ({ backupId, projectId })),
        clock.nowUtc(),
      );
      try {
        await send();
      } catch (error) {
        if (hadNoEffect(error)) await departures.stay(backupIds);
        else await suspect(backupIds);
        throw error;
      }
      await suspect(backupIds);
    },
  };
}
