import { type Call, errorIds, idOf, ok } from './call.ts';
import { resetStatus, resizeFlavor, resizeVolume, restart, upgrade } from './instance-actions.ts';
import { readInstance } from './instance-state.ts';
import { detach, eject, promote } from './replication.ts';
import { type Answer, internalError, isJson, type Json, TroveFault } from './wire.ts';

type Order = (call: Call, given: Json) => Promise<void>;

/** `POST /instances/{id}/action`, by the one key of its body. Trove: trove/instance/service.py, InstanceController.action */
const ORDERS: Readonly<Record<string, Order>> = {
  restart: ({ world, caller, ids }) => restart(world, caller, ids[0] ?? ''),
  resize: async (call, given) => {
    const { world, caller } = call;
    const { volume, flavorRef } = given;
    if (isJson(volume)) return resizeVolume(world, caller, idOf(call), Number(volume['size']));
    if (flavorRef === undefined) throw internalError(errorIds(call)());
    return resizeFlavor(world, caller, idOf(call), String(flavorRef).split('/').at(-1) ?? '');
  },
  promote_to_replica_source: ({ world, caller, ids }) => promote(world, caller, ids[0] ?? ''),
  eject_replica_source: ({ world, caller, ids }) => eject(world, caller, ids[0] ?? ''),
  reset_status: async ({ world, caller, ids }) => {
    if (!caller.admin) throw new TroveFault(403, "Policy doesn't allow instance:reset_status to be performed.");
    await resetStatus(world, caller, ids[0] ?? '');
  },
};

export async function actOnInstance(call: Call): Promise<Answer> {
  const [name = '', given] = isJson(call.body) ? (Object.entries(call.body)[0] ?? []) : [];
  const order = ORDERS[name];
  if (order === undefined) throw internalError(errorIds(call)());
  readInstance(call.world, call.caller, idOf(call));
  await order(call, isJson(given) ? given : {});
  return ok(null, 202);
}

/** PATCH and PUT alike: a new name, another version, or `replica_of: ''`. */
export async function changeInstance(call: Call): Promise<Answer> {
  const { world, caller, body } = call;
  const row = readInstance(world, caller, idOf(call));
  const fields = isJson(body) ? body['instance'] : undefined;
  if (!isJson(fields)) throw internalError(errorIds(call)());
  if (fields['replica_of'] !== undefined || fields['slave_of'] !== undefined) await detach(world, caller, row.id);
  if (typeof fields['name'] === 'string')
    Object.assign(row, { name: fields['name'], updatedUtc: world.clock.nowUtc() });
  const version = fields['datastore_version'];
  if (typeof version === 'string') {
    await upgrade(world, caller, row.id, world.datastores.find(row.datastore?.type, version));
  }
  return ok(null, 202);
}
