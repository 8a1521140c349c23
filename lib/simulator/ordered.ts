import { recordFault } from './instance-state.ts';
import { refused } from './refusal.ts';
import type { Caller } from './rows.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

/**
 * An order for an instance between its words on the bus: start, then error when it is refused, or end when `end` is
 * called. Trove: trove/common/notification.py, StartNotification and EndNotification
 */
export async function ordered(
  world: World,
  caller: Caller,
  action: string,
  traits: Json & { readonly instance_id: string },
  take: (end: () => void) => void,
): Promise<void> {
  await world.bus.up();
  const notification_classname = `trove.common.notification.${CLASSES[action]}`;
  world.notifier.action(caller, 'api', action, 'start', { notification_classname, ...traits });
  try {
    take(() => world.notifier.action(caller, 'taskmanager', action, 'end', traits));
  } catch (fault) {
    refused(world, caller, action, traits, fault);
    recordFault(world, traits.instance_id, fault);
    throw fault;
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  instance_restart: 'DBaaSInstanceRestart',
  instance_resize_volume: 'DBaaSInstanceResizeVolume',
  instance_resize_instance: 'DBaaSInstanceResizeInstance',
  instance_promote: 'DBaaSInstancePromote',
  instance_eject: 'DBaaSInstanceEject',
  instance_detach: 'DBaaSInstanceDetach',
  instance_reset_status: 'DBaaSInstanceResetStatus',
  upgrade: 'DBaaSInstanceUpgrade',
};
