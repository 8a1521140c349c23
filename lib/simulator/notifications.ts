import type { Bus } from './bus.ts';
import type { RegionClock } from './clock.ts';
import type { Ids } from './random.ts';
import type { BackupRow, Caller, InstanceRow } from './rows.ts';
import { isoTime, osloTime } from './timestamps.ts';
import type { Json } from './wire.ts';

/** `messagingv2` wraps the message in oslo's 2.0 envelope, `messaging` sends it bare. */
export type NotificationDriver = 'messagingv2' | 'messaging';

type Phase = 'start' | 'end' | 'error';
export type ServerType = 'api' | 'taskmanager';

const HOST = '0.0.0.0';

/** Writes what Trove tells the bus. Trove: trove/common/notification.py */
export class Notifier {
  readonly #bus: Bus;
  readonly #clock: RegionClock;
  readonly #ids: Ids;
  readonly #driver: NotificationDriver;
  readonly #region: () => { readonly host: string };

  constructor(
    bus: Bus,
    clock: RegionClock,
    ids: Ids,
    driver: NotificationDriver,
    region: () => { readonly host: string },
  ) {
    this.#bus = bus;
    this.#clock = clock;
    this.#ids = ids;
    this.#driver = driver;
    this.#region = region;
  }

  /** `dbaas.<action>.<phase>`: what a user asked of the API, and how it ended. */
  action(caller: Caller, server: ServerType, action: string, phase: Phase, traits: Json): void {
    const payload = {
      request_id: caller.requestId,
      server_type: server,
      client_ip: '127.0.0.1',
      server_ip: this.#region().host,
      tenant_id: caller.projectId,
      ...traits,
    };
    this.#send(caller, `${server}.${HOST}`, `dbaas.${action}.${phase}`, payload);
  }

  /** `trove.instance.<what>`: what became of an instance. */
  instance(caller: Caller, what: 'create' | 'delete', row: InstanceRow): void {
    const created = isoTime(row.createdUtc);
    // Seen: the state of every create is "unknown", for Nova's is not loaded when it is written.
    const state = what === 'create' ? 'unknown' : 'shutdown';
    const payload = {
      created_at: created,
      name: row.name,
      instance_id: row.id,
      instance_name: row.name,
      instance_type_id: row.flavorId,
      launched_at: created,
      nova_instance_id: row.serverId,
      region: 'LOCAL_DEV',
      state_description: state,
      state,
      tenant_id: row.projectId,
      user_id: caller.userId,
      ...(what === 'delete' && { deleted_at: isoTime(this.#clock.nowUtc()) }),
      instance_size: 2048,
      availability_zone: 'nova',
      volume_size: row.volumeGb,
      nova_volume_id: row.volumeId,
      instance_type: `db.${row.flavorId}`,
      service_id: row.datastore?.serviceId ?? 'unknown-service-id-error',
    };
    this.#send(caller, HOST, `trove.instance.${what}`, payload);
  }

  /** `trove.instance.exists`: its state is the status the API shows, in small letters. */
  exists(caller: Caller, row: InstanceRow, status: string, fromUtc: number, untilUtc: number): void {
    const created = osloTime(row.createdUtc).replace(' ', 'T');
    const state = status.toLowerCase();
    this.#send(caller, `taskmanager.${HOST}`, 'trove.instance.exists', {
      audit_period_beginning: isoTime(fromUtc),
      audit_period_ending: isoTime(untilUtc),
      created_at: created,
      display_name: row.name,
      instance_id: row.id,
      instance_name: row.name,
      instance_type_id: row.flavorId,
      launched_at: created,
      nova_instance_id: row.serverId,
      region: 'LOCAL_DEV',
      state_description: state,
      state,
      tenant_id: row.projectId,
      service_id: row.datastore?.serviceId ?? 'unknown-service-id-error',
    });
  }

  #send(caller: Caller, publisher: string, eventType: string, payload: Json): void {
    const message = {
      message_id: this.#ids.uuid(),
      publisher_id: publisher,
      event_type: eventType,
      priority: 'INFO',
      payload,
      timestamp: osloTime(this.#clock.nowUtc()),
      _unique_id: this.#ids.hex(),
      ...contextOf(caller),
    };
    const text = JSON.stringify(message);
    this.#bus.publish(
      this.#driver === 'messaging' ? text : JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': text }),
    );
  }
}

/** The caller, as oslo.context writes it into every message. */
function contextOf(caller: Caller): Json {
  return {
    _context_user: caller.userId,
    _context_project_id: caller.projectId,
    _context_system_scope: null,
    _context_project: caller.projectId,
    _context_domain: null,
    _context_user_domain: null,
    _context_project_domain: null,
    _context_is_admin: caller.admin,
    _context_read_only: false,
    _context_show_deleted: false,
    _context_auth_token: null,
    _context_request_id: caller.requestId,
    _context_global_request_id: null,
    _context_resource_uuid: null,
    _context_roles: caller.roles,
    _context_user_identity: `${caller.userId} ${caller.projectId || '-'} - - -`,
    _context_is_admin_project: true,
    _context_limit: null,
    _context_marker: null,
    _context_service_catalog: null,
  };
}

export const backupTraits = (
  row: Pick<BackupRow, 'name' | 'description' | 'parentId'> & { readonly instanceId: string },
): Json => ({ name: row.name, instance_id: row.instanceId, description: row.description, parent_id: row.parentId });
