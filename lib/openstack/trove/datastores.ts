import { startCall } from '../call.ts';
import type { Session } from '../session.ts';
import type { CallOptions, Datastore, DatastoreVersion } from '../types.ts';
import { allDatastores, allVersions, oneDatastore } from './wire-datastores.ts';

/** Trove: trove/datastore/service.py index; without pages, and only what is active, but for admins. */
export async function listDatastores(session: Session, options?: CallOptions): Promise<readonly Datastore[]> {
  return (await session.read('/datastores', allDatastores, startCall(options))).body;
}

export async function showDatastore(session: Session, id: string, options?: CallOptions): Promise<Datastore> {
  return (await session.read(`/datastores/${encodeURIComponent(id)}`, oneDatastore, startCall(options))).body;
}

/** Trove: trove/datastore/service.py version_index */
export async function listVersions(
  session: Session,
  datastore: string,
  options?: CallOptions,
): Promise<readonly DatastoreVersion[]> {
  const path = `/datastores/${encodeURIComponent(datastore)}/versions`;
  return (await session.read(path, allVersions, startCall(options))).body;
}
