import { type BusMessage, createRegion, type Region, type RegionOptions } from '../../lib/simulator/index.ts';
import { User } from '../contract/user.ts';
import { VirtualClock } from './virtual-clock.ts';

export const START_UTC = Date.UTC(2026, 10, 22, 6, 47, 47, 250);

export interface Message {
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** A region under a virtual clock, with the standard identities and one instance of `demo`. */
export async function openWorld(options: RegionOptions = {}) {
  const clock = new VirtualClock(START_UTC);
  const region = createRegion({ clock, ...options });
  region.seedStandardIdentities();
  const messages: Message[] = [];
  region.onNotification((message) => messages.push(innerOf(message)));
  const login = (name: string, project = name, password = name) => loginTo(region, { name, password, project });
  const instance = region.createInstance({ projectName: 'demo', name: 'orders-db' }).id;
  return {
    clock,
    region,
    messages,
    login,
    instance,
    demo: await login('demo'),
    admin: await login('admin', 'admin', 'secret'),
    events: () => messages.map(({ event_type }) => event_type),
    statusOf: (backupId: string) => region.backups().find(({ id }) => id === backupId)?.status,
  };
}

export function loginTo(
  region: Region,
  credentials: { name: string; password: string; project: string },
): Promise<User> {
  const { authUrl, fetch } = region;
  return User.login({ authUrl, fetch }, credentials);
}

export function innerOf({ body }: BusMessage): Message {
  const outer = JSON.parse(body) as { 'oslo.message'?: string };
  return JSON.parse(outer['oslo.message'] ?? body) as Message;
}

/** Lets what waits for no clock go on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
