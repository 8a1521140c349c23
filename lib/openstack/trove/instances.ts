import { type Call, startCall } from '../call.ts';
import { eachPage, nextMarker, type Page, readComplete } from '../pages.ts';
import type { CallOptions, CompleteList, FreshInstance, Instance, NewInstance } from '../types.ts';
import { parseBody } from '../validate.ts';
import type { Session } from './session.ts';
import { instancePage, oneInstance, toInstance } from './wire.ts';

/** Deleted rows are not wanted, members of clusters are, and where pages are not capped one is enough. */
const ALL = { deleted: 'false', include_clustered: 'true', limit: '1000' };

export async function showInstance(session: Session, id: string, options?: CallOptions): Promise<Instance> {
  const { body, token } = await session.read(`/instances/${encodeURIComponent(id)}`, oneInstance, startCall(options));
  return toInstance(body.instance, token.projectId);
}

/** The project's own list: pages of 20, ordered by id, so it may be walked. (Trove: trove/instance/models.py Instances.load) */
export async function* listInstances(session: Session, options?: CallOptions): AsyncGenerator<Instance, void> {
  const call = startCall(options);
  for await (const items of eachPage((marker) => readPage(session, '/instances', { ...ALL }, marker, call)))
    yield* items;
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
  options?: CallOptions,
): Promise<CompleteList<Instance>> {
  const call = startCall(options);
  const query = projectId === undefined ? ALL : { ...ALL, project_id: projectId };
  return await readComplete((marker) => readPage(session, '/mgmt/instances', query, marker, call), atMost);
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

async function readPage(
  session: Session,
  path: string,
  query: Readonly<Record<string, string>>,
  marker: string | undefined,
  call: Call,
): Promise<Page<Instance>> {
  const search = new URLSearchParams(marker === undefined ? query : { ...query, marker });
  const { body, token } = await session.read(`${path}?${search}`, instancePage, call);
  return { items: body.instances.map((row) => toInstance(row, token.projectId)), marker: nextMarker(body.links) };
}
