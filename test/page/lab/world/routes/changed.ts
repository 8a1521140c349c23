import { ApiError, notFound } from '../../../../../daemon/http/api/error.ts';
import type { World } from '../world.ts';

export const found = <T>(what: string, id: string, it: T | undefined): T => {
  if (it === undefined) throw notFound(what, id);
  return it;
};

/** A change is made to what one has read, or not at all. */
export function checkTag(world: World, tag: string | undefined): void {
  if (world.refusal !== null) throw new ApiError(409, 'shut-out', world.refusal);
  if (tag === undefined)
    throw new ApiError(428, 'if-match-missing', 'a change needs If-Match', { hint: 'read it again' });
  if (tag === world.etag) return;
  throw new ApiError(412, 'changed', 'the schedule was changed meanwhile', { hint: 'read it again' });
}
