import { type Call, errorIds, idOf, ok } from './call.ts';
import { newestFirst } from './instance-api.ts';
import { assertNova, isListed, NOVA_AWAY } from './instance-state.ts';
import { listBody, pageByOffset } from './paging.ts';
import type { InstanceRow } from './rows.ts';
import { isoTime } from './timestamps.ts';
import { limitsView, managedInstance, managedInstanceAlone } from './views.ts';
import { type Answer, isJson, notFound, TroveFault } from './wire.ts';

/** Trove 18 has no pages here; since 2026-02 there are, by offset. Without Nova: a 403 whose body is a bare JSON text. */
export function listManaged(call: Call): Answer {
  const { world, url } = call;
  const query = url.searchParams;
  const deleted = query.get('deleted')?.toLowerCase();
  const clustered = query.get('include_clustered')?.toLowerCase() === 'true';
  const project = query.get('project_id');
  if (world.control.novaDown) return { status: 403, body: JSON.stringify(NOVA_AWAY) };
  const rows = world.tables
    .instancesOf(project || null)
    .filter(
      (row) =>
        (deleted === 'true' ? row.deletedUtc !== null : deleted !== 'false' || row.deletedUtc === null) &&
        (clustered || row.clusterId === null),
    );
  const page = world.trove === '18' ? { rows, marker: null } : pageByOffset(byUpdated(rows), query, errorIds(call));
  const listed = newestFirst(page.rows).filter((row) => isListed(world, row));
  const views = listed.map((row) => managedInstance(world, row, call.links));
  return ok(listBody('instances', views, page.marker, url, call.links));
}

const byUpdated = (rows: readonly InstanceRow[]): readonly InstanceRow[] =>
  [...rows].sort((a, b) => b.updatedUtc - a.updatedUtc);

const RESOURCES = ['instances', 'volumes', 'ram', 'backups'] as const;

export function showQuotas(call: Call): Answer {
  const { world, caller } = call;
  const projectId = idOf(call);
  if (projectId !== caller.projectId && !caller.admin) {
    throw new TroveFault(403, `Operation not allowed for tenant ${caller.projectId}.`);
  }
  const quotas = RESOURCES.map((resource) => {
    const { inUse, reserved, limit } = world.quotas.of(projectId, resource);
    return { resource, in_use: inUse, reserved, limit };
  });
  return ok({ quotas });
}

export function setQuotas(call: Call): Answer {
  const quotas = isJson(call.body) ? call.body['quotas'] : undefined;
  if (!isJson(quotas)) throw new TroveFault(500, 'Internal Server Error.');
  for (const [resource, limit] of Object.entries(quotas)) {
    if (typeof limit !== 'number') continue;
    if (limit < -1) {
      throw new TroveFault(400, `Quota limit '${limit}' for '${resource}' is too small - must be at least '-1'.`);
    }
    if (!call.world.quotas.isResource(resource)) throw new TroveFault(404, `Unknown quota resources ${resource}.`);
    call.world.quotas.set(idOf(call), resource, { limit });
  }
  return ok({ quotas });
}

export function showManaged(call: Call): Answer {
  const row = call.world.tables.instances.get(idOf(call));
  const gone = row?.deletedUtc !== null && call.url.searchParams.get('deleted')?.toLowerCase() !== 'true';
  if (row === undefined || gone) throw notFound(idOf(call));
  if (call.world.control.withoutService.has(row.id)) throw new TroveFault(404, 'InstanceServiceStatus Not Found');
  assertNova(call.world, 500);
  return ok({ instance: managedInstanceAlone(call.world, row, call.links) });
}

export const showLimits = (call: Call): Answer =>
  ok(limitsView(call.world, call.caller, isoTime(call.world.clock.nowUtc())));
