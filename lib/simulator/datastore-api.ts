import { type Action, type Call, idOf, ok } from './call.ts';
import { FLAVORS } from './flavors.ts';
import { datastoreVersionView, datastoreView, flavorView } from './views.ts';

// Trove: trove/datastore/service.py

export const listDatastores: Action = ({ world, links }) =>
  ok({ datastores: world.datastores.types().map((versions) => datastoreView(versions, links)) });

/** By id or by name. */
export const showDatastore: Action = (call) => ok({ datastore: datastoreView(versionsOf(call), call.links) });

export const listVersions: Action = (call) =>
  ok({ versions: versionsOf(call).map((version) => datastoreVersionView(version, call.links)) });

export const showVersion: Action = ({ world, ids, links }) =>
  ok({ version: datastoreVersionView(world.datastores.find(ids[0], ids[1]), links) });

export const showVersionById: Action = (call) =>
  ok({ version: datastoreVersionView(call.world.datastores.find(undefined, idOf(call)), call.links) });

export const listFlavorsOfVersion: Action = ({ world, ids, links }) => {
  world.datastores.find(ids[0], ids[1]);
  return ok({ flavors: FLAVORS.map((flavor) => flavorView(flavor, links)) });
};

function versionsOf(call: Call) {
  const { datastoreId } = call.world.datastores.find(idOf(call), undefined);
  return call.world.datastores.types().find(([first]) => first?.datastoreId === datastoreId) ?? [];
}
