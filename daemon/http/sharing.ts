import type { Clock } from '../ports/clock.ts';
import type { EventsPort } from '../ports/events.ts';
import type { Reads } from './reads.ts';

/** What changes and is told to nobody shows this late at most. */
const LASTS_MS = 2_000;
/** A page of a thousand instances is 650 kB. */
const MOST = 200;

interface Kept {
  /** Whose rows; null: of all projects. */
  readonly scope: string | null;
  readonly answer: Promise<unknown>;
  readonly untilMs: number;
}

/**
 * Answers that many ask for at once are written once: told that something changed, all who look at a project look again.
 * Whatever is told of a project, or of no known one, ends what is kept of it, and what is under way goes to none but those who
 * asked before: whoever was told of a change, or made it, sees it.
 */
export function sharing(
  reads: Reads,
  events: Pick<EventsPort, 'listen'>,
  clock: Pick<Clock, 'monotonicMs'>,
): Reads & { close(): void } {
  const kept = new Map<string, Kept>();
  const close = events.listen(null, ({ projectId }) => {
    for (const [key, { scope }] of kept)
      if (projectId === null || scope === null || scope === projectId) kept.delete(key);
  });

  /** Those that end first were put in first. */
  function makeRoom(nowMs: number): void {
    for (const [key, { untilMs }] of kept) {
      if (untilMs > nowMs && kept.size < MOST) return;
      kept.delete(key);
    }
  }

  function shared<T>(scope: string | null, key: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const name = JSON.stringify(key);
    const nowMs = clock.monotonicMs();
    const known = kept.get(name);
    if (known && known.untilMs > nowMs) return known.answer as Promise<T>;
    const answer = ask();
    kept.delete(name);
    makeRoom(nowMs);
    const entry = { scope, answer, untilMs: nowMs + LASTS_MS };
    kept.set(name, entry);
    answer.catch(() => {
      if (kept.get(name) === entry) kept.delete(name);
    });
    return answer;
  }

  return {
    ...reads,
    instances: (query, as) =>
      shared(query.scope, ['instances', query, as.language, as.search], () => reads.instances(query, as)),
    overview: (scope, as) => shared(scope, ['overview', scope, as.language], () => reads.overview(scope, as)),
    close,
  };
}
