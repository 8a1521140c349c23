import { startCall } from '../call.ts';
import { eachPage, nextMarker, type ReadPage, readComplete } from '../pages.ts';
import type { Session } from '../session.ts';
import type { CallOptions, CompleteList, FreshInstance, Instance, ListOptions, NewInstance } from '../types.ts';
import { parseBody } from '../validate.ts';
import { OddEntry, regular } from './rows.ts';
import { anyonesInstance, anyonesInstancePage, instancePage, oneInstance, toInstance } from './wire.ts';

/** Deleted rows are not wanted, members of clusters are, and where pages are not capped one is enough. */
const ALL = { deleted: 'false', include_clustered: 'true', limit: '1000' };

export async function showInstance(session: Session, id: string, options?: CallOptions): Promise<Instance> {
  const { body, token } = await session.read(`/instances/${encodeURIComponent(id)}`, oneInstance, startCall(options));
  return toInstance(body.instance, token.projectId);
}

/** An admin's look at any project's instance. Whose it is, is refused where Trove does not say it, and never guessed. */
export async function showAnyones(session: Session, id: string, options?: CallOptions): Promise<Instance> {
  const { body, token } = await session.read(
    `/instances/${encodeURIComponent(id)}`,
    anyonesInstance,
    startCall(options),
  );
  return toInstance(body.instance, token.projectId);
}

/** The project's own list: pages of 20, ordered by id, so it may be walked. (Trove: trove/instance/models.py Instances.load) */
export async function* listInstances(session: Session, options?: ListOptions): AsyncGenerator<Instance, void> {
  const read = pagesOf(session, '/instances', instancePage, ALL, options);
  for await (const items of eachPage(read)) yield* regular<Instance>(items, options?.onOddRow);
}

export interface InstanceFilter {
  readonly projectId?: string | undefined;
  /** A longer list is refused as `too-large`, as is one whose answer is beyond `maxBodyBytes`. */
  readonly atMost?: number | undefined;
}

/** Trove: trove/extensions/mgmt/instances/service.py. Trove 18 gives no pages; newer Trove pages by offset. */
export async function listRegionInstances(
  session: Session,
  { projectId, atMost }: InstanceFilter,
  options?: ListOptions,
): Promise<CompleteList<Instance>> {
  const query = projectId === undefined ? ALL : { ...ALL, project_id: projectId };
  const read = pagesOf(session, '/mgmt/instances', anyonesInstancePage, query, options);
  const { complete, items } = await readComplete(read, atMost);
  return { complete, items: regular<Instance>(items, options?.onOddRow) };
}

export async function createInstance(session: Session, wanted: NewInstance, options?: CallOptions): Promise<Instance> {
  const instance = {
    name: wanted.name,
    ...('replicaOf' in wanted ? { replica_of: wanted.replicaOf } : freshBody(wanted)),
    ...(wanted.networkId === undefined ? {} : { nics: [{ 'net-id': wanted.networkId }] }),
  };
  const { answer, token } = await session.write('POST', '/instances', { instance }, options);
  return toInstance(parseBody(answer, oneInstance).instance, token.projectId);
}

/** Trove refuses each of these for a replica. (Trove: trove/instance/service.py create) */
function freshBody({ flavorId, volumeSizeGib, datastore, restoreBackupId }: FreshInstance): object {
  return {
    flavorRef: flavorId,
    volume: { size: volumeSizeGib },
    datastore,
    ...(restoreBackupId === undefined ? {} : { restorePoint: { backupRef: restoreBackupId } }),
  };
}

export async function deleteInstance(session: Session, id: string, options?: CallOptions): Promise<void> {
  await session.write('DELETE', `/instances/${encodeURIComponent(id)}`, undefined, options);
}

function pagesOf(
  session: Session,
  path: string,
  pageSchema: typeof instancePage,
  query: Readonly<Record<string, string>>,
  options?: ListOptions,
): ReadPage<Instance | OddEntry> {
  const call = startCall(options);
  const schema = pageSchema(options?.onOddRow !== undefined);
  return async (marker) => {
    const search = new URLSearchParams(marker === undefined ? query : { ...query, marker });
    const { body, token } = await session.read(`${path}?${search}`, schema, call);
    const items = body.instances.map((row) => (row instanceof OddEntry ? row : toInstance(row, token.projectId)));
    return { items, marker: nextMarker(body.links) };
  };
}
