import { notFound, refusal } from '../../../../../daemon/http/refusals/index.ts';
import type { World } from '../world.ts';

export const found = <T>(what: Parameters<typeof notFound>[0], id: string, it: T | undefined): T => {
  if (it === undefined) throw notFound(what, id);
  return it;
};

/** A change is made to what one has read, or not at all. */
export function checkTag(world: World, tag: string | undefined): void {
  if (world.refusal !== null) throw world.refusal;
  if (tag === undefined) throw refusal('if-match-missing', { what: 'schedule' });
  if (tag === world.etag) return;
  throw refusal('changed-meanwhile', { what: 'schedule' });
}
