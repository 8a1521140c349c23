import { startCall } from '../call.ts';
import type { Session } from '../session.ts';
import type { CallOptions, Flavor } from '../types.ts';
import { allFlavors, oneFlavor } from './wire-datastores.ts';

export interface FlavorFilter {
  /** Only those that this version of the datastore may have. */
  readonly datastore?: { readonly id: string; readonly versionId: string } | undefined;
}

/** Trove: trove/flavor/service.py index, trove/datastore/service.py list_associated_flavors; without pages. */
export async function listFlavors(
  session: Session,
  { datastore }: FlavorFilter,
  options?: CallOptions,
): Promise<readonly Flavor[]> {
  const path = datastore
    ? `/datastores/${encodeURIComponent(datastore.id)}/versions/${encodeURIComponent(datastore.versionId)}/flavors`
    : '/flavors';
  return (await session.read(path, allFlavors, startCall(options))).body;
}

export async function showFlavor(session: Session, id: string, options?: CallOptions): Promise<Flavor> {
  return (await session.read(`/flavors/${encodeURIComponent(id)}`, oneFlavor, startCall(options))).body;
}
