import { actionable, begin, finish } from './instance-actions.ts';
import { readInstance } from './instance-state.ts';
import { ordered } from './ordered.ts';
import type { Caller, InstanceRow } from './rows.ts';
import { TroveFault } from './wire.ts';
import type { World } from './world.ts';

// How roles move. Trove: trove/taskmanager/manager.py, detach_replica, promote_to_replica_source, eject_replica_source

/** A replica becomes an instance of its own. */
export async function detach(world: World, caller: Caller, id: string): Promise<void> {
  await ordered(world, caller, 'instance_detach', { instance_id: id }, (end) => {
    const row = replica(world, caller, id);
    actionable(world, caller, id);
    begin(world, [row], 'DETACHING');
    world.taskManager.later(world.control.timings.replicationMs, () => {
      world.tables.replicate(row, null);
      finish(world, [row]);
      end();
    });
  });
}

/** The replica and its master change places; the other replicas follow. On the bus it is called an ejection. */
export async function promote(world: World, caller: Caller, id: string): Promise<void> {
  await ordered(world, caller, 'instance_eject', { instance_id: id }, (end) => {
    const row = replica(world, caller, id);
    actionable(world, caller, id);
    const master = readInstance(world, caller, row.replicaOf ?? '');
    const others = world.tables.replicasOf(master.id).filter((one) => one !== row);
    begin(world, [row, master, ...others], 'PROMOTING');
    world.taskManager.later(world.control.timings.replicationMs, () => {
      follow(world, row, [master, ...others]);
      finish(world, [row, master, ...others]);
      end();
    });
  });
}

/** A master whose guest is silent is put out; one of its replicas takes its place. On the bus: a promotion. */
export async function eject(world: World, caller: Caller, id: string): Promise<void> {
  await ordered(world, caller, 'instance_promote', { instance_id: id }, (end) => {
    const master = readInstance(world, caller, id);
    const replicas = world.tables.replicasOf(id);
    const [candidate, ...others] = replicas;
    if (candidate === undefined) throw new TroveFault(400, `Instance ${id} is not a replica source.`);
    if (!world.control.silent.has(id)) {
      throw new TroveFault(400, `Replica Source ${id} cannot be ejected as it has a current heartbeat`);
    }
    begin(world, [master, ...replicas], 'EJECTING');
    world.taskManager.later(world.control.timings.replicationMs, () => {
      follow(world, candidate, others);
      finish(world, [master, ...replicas]);
      end();
    });
  });
}

function replica(world: World, caller: Caller, id: string): InstanceRow {
  const row = readInstance(world, caller, id);
  if (row.replicaOf === null) throw new TroveFault(400, `Instance ${id} is not a replica.`);
  return row;
}

function follow(world: World, master: InstanceRow, replicas: readonly InstanceRow[]): void {
  world.tables.replicate(master, null);
  for (const row of replicas) world.tables.replicate(row, master.id);
}
