import type { Caller, InstanceRow, ServiceStatus, Task } from './rows.ts';
import { internalError, notFound, TroveFault } from './wire.ts';
import type { World } from './world.ts';

interface TaskRow {
  /** The `status` an instance shows meanwhile; undefined: the server's own. */
  readonly status?: string;
  readonly description: string;
  /** The name in Trove's messages, where it is another. */
  readonly action?: string;
}

/** Trove: trove/instance/tasks.py and models.py, SimpleInstance.status */
const TASKS: Readonly<Record<Task, TaskRow>> = {
  NONE: { description: 'No tasks for the instance.' },
  BUILDING: { status: 'BUILD', description: 'The instance is building.' },
  DELETING: { status: 'SHUTDOWN', description: 'Deleting the instance.' },
  REBOOTING: { status: 'REBOOT', description: 'Rebooting the instance.' },
  RESIZING: { status: 'RESIZE', description: 'Resizing the instance.' },
  UPGRADING: { status: 'UPGRADE', description: 'Upgrading the instance.' },
  RESTART_REQUIRED: { status: 'RESTART_REQUIRED', description: 'Instance requires a restart.' },
  PROMOTING: { status: 'PROMOTE', description: 'Promoting the instance to replica source.' },
  EJECTING: { status: 'EJECT', description: 'Ejecting the replica source.' },
  DETACHING: { status: 'DETACH', description: 'Detaching the instance from replica source.' },
  BUILDING_ERROR_REPLICA: { status: 'ERROR', description: 'Build error: Replica.', action: 'BUILDING' },
};

/** Services that take orders. Trove: trove/instance/service_status.py, action_is_allowed */
const ACTIONABLE = new Set(['HEALTHY', 'SHUTDOWN', 'RESTART_REQUIRED']);

export const taskDescription = (row: InstanceRow): string => TASKS[row.task].description;

/** What the API shows as `status`: the task first, then a running backup, then the server. */
export function statusOf(world: World, row: InstanceRow): string {
  const { status } = TASKS[row.task];
  if (status !== undefined) return status;
  return world.tables.hasRunningBackup(row.id) ? 'BACKUP' : row.serverStatus;
}

/** What the API shows as `operating_status`: empty while anything is done to the instance. */
export const operatingStatus = (world: World, row: InstanceRow): string =>
  row.task === 'NONE' && row.serverStatus === 'ACTIVE' ? serviceOf(world, row) : '';

/** A guest that has been silent too long shows as failed, though orders are still taken for it. Trove: trove/instance/models.py, update_service_status */
const serviceOf = ({ control }: World, row: InstanceRow): ServiceStatus =>
  control.silent.has(row.id) && row.task === 'NONE' ? 'ERROR' : row.service;

/** Throws the 422 of a busy instance. Trove: trove/instance/models.py, validate_can_perform_action */
export function assertActionable(world: World, row: InstanceRow): void {
  const busy = busyBecause(world, row);
  if (busy === null) return;
  const text = `Instance ${row.id} is not currently available for an action to be performed (${busy}).`;
  throw new TroveFault(422, text);
}

function busyBecause(world: World, row: InstanceRow): string | null {
  if (row.serverStatus !== 'ACTIVE') return `instance status was ${row.serverStatus}`;
  if (row.task !== 'NONE' && row.task !== 'RESTART_REQUIRED') {
    return `task status was ${TASKS[row.task].action ?? row.task}`;
  }
  // The instance may say ACTIVE here: its status does not show the datastore's.
  if (!ACTIONABLE.has(row.service)) return `instance status was ${statusOf(world, row)}`;
  return world.tables.hasRunningBackup(row.id) ? 'instance status was BACKUP' : null;
}

/** A living instance the caller may see. Trove: trove/instance/models.py, get_db_info */
export function readInstance(world: World, caller: Caller, id: string): InstanceRow {
  const row = world.tables.instances.get(id);
  if (row === undefined || row.deletedUtc !== null) throw notFound(id);
  if (!caller.admin && row.projectId !== caller.projectId) throw notFound(id);
  // Not gone: it runs on. Only its row of the guest's status is missing.
  if (world.control.withoutService.has(id)) throw new TroveFault(404, 'InstanceServiceStatus Not Found');
  return row;
}

/** Both lists leave out, without a word, what they cannot read the status of. */
export const isListed = ({ control }: World, { id }: InstanceRow): boolean =>
  !control.unlisted.has(id) && !control.withoutService.has(id);

/** Without Nova each request fails in its own way. */
export function assertNova({ control, ids }: World, status: 400 | 500): void {
  if (!control.novaDown) return;
  throw status === 400 ? new TroveFault(400, NOVA_AWAY) : internalError(ids.uuid());
}

export const NOVA_AWAY = 'Nova is away (HTTP 503)';

/** An order that failed is remembered on the instance, even one from a project that may not see it. */
export function recordFault(world: World, instanceId: string, fault: unknown): void {
  const row = world.tables.instances.get(instanceId);
  if (row === undefined || row.deletedUtc !== null || !(fault instanceof Error)) return;
  // Long lines are broken before a bracket. Trove: trove/common/utils.py, format_output
  const message = fault.message.length > 79 ? fault.message.replace(' (', '\n(') : fault.message;
  const details = `Server type: api\nTraceback (most recent call last):\ntrove.common.exception.TroveError: ${message}\n`;
  row.fault = { message, createdUtc: world.clock.nowUtc(), details };
}
