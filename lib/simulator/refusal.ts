import type { Caller } from './rows.ts';
import type { Json } from './wire.ts';
import type { World } from './world.ts';

/** The API's word on an order it refused. */
export function refused(world: World, caller: Caller, action: string, traits: Json, fault: unknown): void {
  const message = fault instanceof Error ? fault.message : String(fault);
  const exception = ['Traceback (most recent call last):\n', `trove.common.exception.TroveError: ${message}\n`];
  world.notifier.action(caller, 'api', action, 'error', { ...traits, message, exception });
}
