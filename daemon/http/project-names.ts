import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Keystone, as far as it says what projects are called. */
export interface ProjectsPort {
  /** Every project there is. @throws OpenStackError where Keystone gives no answer to go by, or not all of them */
  all(): Promise<readonly { readonly id: string; readonly name: string }[]>;
}

export type ProjectNames = ReadonlyMap<string, string>;

/** Names change seldom, and a list of all projects is work for Keystone. */
const FRESH_MS = 10 * 60_000;
const AGAIN_MS = 60_000;

/**
 * Names of projects by their ids, for who sees more than one. They are an ornament: while Keystone cannot say them, those that
 * were known stay, and nobody waits for more than the first list.
 */
export function createProjectNames(
  port: ProjectsPort,
  clock: Pick<Clock, 'monotonicMs'>,
  log: Log,
): () => Promise<ProjectNames> {
  let known: ProjectNames | null = null;
  let staleMs = Number.NEGATIVE_INFINITY;
  let flight: Promise<ProjectNames> | null = null;

  async function look(): Promise<ProjectNames> {
    try {
      known = new Map((await port.all()).map(({ id, name }) => [id, name]));
      staleMs = clock.monotonicMs() + FRESH_MS;
    } catch (error) {
      known ??= new Map();
      staleMs = clock.monotonicMs() + AGAIN_MS;
      log.warn('http.names_unknown', { err: error, hint: 'the view of the region shows ids where it knows no name' });
    }
    return known;
  }

  function looking(): Promise<ProjectNames> {
    flight ??= look().finally(() => {
      flight = null;
    });
    return flight;
  }

  return async () => {
    const flying = clock.monotonicMs() >= staleMs ? looking() : null;
    return known ?? (await (flying ?? looking()));
  };
}
