import type { Caller } from './rows.ts';
import type { Links } from './views.ts';
import { type Answer, TroveFault } from './wire.ts';
import type { World } from './world.ts';

/** A request that has passed Trove's middleware. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly url: URL;
  readonly links: Links;
  /** What stands for `*` in the route, in order. */
  readonly ids: readonly string[];
  readonly body: unknown;
}

export type Action = (call: Call) => Answer | Promise<Answer>;

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

export const idOf = (call: Call): string => call.ids[0] ?? '';

/** The id an internal error is told with. */
export const errorIds = (call: Call) => () => call.world.ids.uuid();

export const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Trove: trove/common/auth.py, admin_context */
export function adminsOnly(action: Action): Action {
  return (call) => {
    if (!call.caller.admin) throw new TroveFault(401, 'User does not have admin privileges.');
    return action(call);
  };
}
