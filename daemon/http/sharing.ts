import type { Clock } from '../ports/clock.ts';
import type { Change, EventsPort } from '../ports/events.ts';
import type { InstancesQuery } from '../ports/listing.ts';
import type { Reads, Written } from './reads.ts';
import { createShelf } from './shelf.ts';

/** Which instances such a list has, and in which order: whether that is as it was after anything but news of instances. */
const isSteady = ({ sort, state, policy }: InstancesQuery): boolean =>
  (sort === 'name' || sort === 'created') && state === null && policy === null;

/** What is told of one instance changes the pages that show it; where it may move one, or bring one in, any page. */
const touchesPage =
  (query: InstancesQuery) =>
  (page: Written | null, { kind, instanceId }: Change): boolean =>
    kind === 'instance' ||
    instanceId === null ||
    !isSteady(query) ||
    !page ||
    (page.shows?.includes(instanceId) ?? true);

/**
 * Answers that many ask for at once are written once: told that something changed, all who look at a project look again.
 * What a change may touch is kept no longer, and what is under way then goes to none but those who asked before: whoever was
 * told of a change, or made it, sees it.
 */
export function sharing(
  reads: Reads,
  events: Pick<EventsPort, 'listen'>,
  clock: Pick<Clock, 'monotonicMs'>,
): Reads & { close(): void } {
  const shelf = createShelf(clock);
  const close = events.listen(null, shelf.tell);
  return {
    ...reads,
    instances: (query, as) =>
      shelf.take({
        key: ['instances', query, as.language, as.search],
        scope: query.scope,
        ask: () => reads.instances(query, as),
        isTouched: touchesPage(query),
      }),
    overview: (scope, as) =>
      shelf.take({
        key: ['overview', scope, as.language],
        scope,
        ask: () => reads.overview(scope, as),
        isTouched: () => true,
      }),
    close,
  };
}
