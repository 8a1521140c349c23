import { type Action, idOf, ok } from './call.ts';
import { flavorView } from './views.ts';
import { notFound } from './wire.ts';

export interface Flavor {
  readonly id: string;
  readonly ramMb: number;
  readonly vcpus: number;
}

export const FLAVORS: readonly Flavor[] = ['1', '2', '4'].map((id) => ({
  id,
  ramMb: 1024 * Number(id),
  vcpus: Number(id),
}));

/** What the quota counts for it. */
export const ramMb = (flavorId: string): number => FLAVORS.find(({ id }) => id === flavorId)?.ramMb ?? 0;

export const listFlavors: Action = ({ links }) => ok({ flavors: FLAVORS.map((flavor) => flavorView(flavor, links)) });

export const showFlavor: Action = (call) => {
  const flavor = FLAVORS.find(({ id }) => id === idOf(call));
  if (flavor === undefined) throw notFound(idOf(call));
  return ok({ flavor: flavorView(flavor, call.links) });
};
