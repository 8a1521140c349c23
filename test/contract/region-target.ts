import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import type { Region } from '../region/region.ts';
import type { ContractSettings } from './target.ts';

// What the contract needs of a real region beyond its HTTP.

/** A queue of its own beside all others. Gives what ends it. */
export async function listenTo(region: Region, listener: (body: string) => void): Promise<() => Promise<void>> {
  const connection = await connect(region.amqpUrl);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue(`autobackup-contract-${randomUUID()}`, { exclusive: true });
  await channel.bindQueue(queue, 'trove', 'notifications.info');
  await channel.consume(queue, (message) => message && listener(message.content.toString()), { noAck: true });
  connection.on('error', () => {}); // the broker is killed by a test; what is heard till then is enough
  return async () => {
    await connection.close().catch(() => {}); // it may have died with the broker
  };
}

const listed = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(', ') || "''";

/** Trove's own database is turned where no stand-in can: who is in a cluster, whose guest's status is missing or old. */
export function sqlFor({ silent, withoutService, restartRequired, clustered }: ContractSettings): readonly string[] {
  return [
    ...(silent === undefined
      ? []
      : [
          `update service_statuses set updated_at = updated_at - interval 1 hour where instance_id in (${listed(silent)})`,
        ]),
    // Trove: trove/instance/tasks.py; a configuration group with a setting that is not dynamic comes to the same.
    ...(restartRequired === undefined
      ? []
      : [
          `update instances set task_id = 7, task_description = 'Instance requires a restart.' where id in (${listed(restartRequired)})`,
        ]),
    ...(clustered === undefined
      ? []
      : [
          'set foreign_key_checks = 0',
          "update instances set cluster_id = null where cluster_id = 'a-cluster'",
          `update instances set cluster_id = 'a-cluster' where id in (${listed(clustered)})`,
        ]),
    ...(withoutService === undefined
      ? []
      : [
          'create table if not exists set_aside like service_statuses',
          'insert into service_statuses select * from set_aside',
          'delete from set_aside',
          `insert into set_aside select * from service_statuses where instance_id in (${listed(withoutService)})`,
          `delete from service_statuses where instance_id in (${listed(withoutService)})`,
        ]),
  ];
}

/** Trove: trove/instance/service_status.py */
const SERVICES = { RESTARTING: [0x22, 'restarting'], HEALTHY: [0x21, 'healthy'] } as const;

export async function setService(region: Region, id: string, status: keyof typeof SERVICES): Promise<void> {
  await region.control({ silent: status === 'HEALTHY' ? [] : [id] }); // its next heartbeat would say otherwise
  const [number, words] = SERVICES[status];
  const set = `status_id = ${number}, status_description = '${words}'`;
  await region.sql(`update service_statuses set ${set} where instance_id = '${id}'`);
}

export async function addRestored(region: Region, projectId: string, name: string): Promise<string> {
  const id = randomUUID();
  const location = `http://127.0.0.1:8080/v1/AUTH_x/database_backups/${id}.xbstream.gz.enc`;
  const version = "(select id from datastore_versions where name = '5.7.29')";
  const values = `'${id}', '${name}', '${projectId}', 'RESTORED', ${version}, 0, now(), now(), 1, '${location}'`;
  const columns = 'id, name, tenant_id, state, datastore_version_id, deleted, created, updated, size, location';
  await region.sql(`insert into backups (${columns}) values (${values})`);
  return id;
}
