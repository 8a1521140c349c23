import { type Catalogue, IDENTITY_PATH } from './catalogue.ts';
import { DOMAIN, type User } from './identity.ts';
import { forbidden, malformed } from './keystone-fault.ts';
import { isAdmin, type ValidToken } from './token-check.ts';
import { type Answer, isJson, type Json } from './wire.ts';
import type { World } from './world.ts';

/** A request to Keystone from somebody it knows. */
export interface KeystoneCall {
  readonly world: World;
  readonly catalogue: Catalogue;
  readonly url: URL;
  /** What stands for `*` in the route, in order. */
  readonly ids: readonly string[];
  readonly body: unknown;
  readonly caller: ValidToken;
  /** X-Subject-Token: the token that is asked about. */
  readonly subject: string | null;
  /** OpenStack-Identity-Access-Rules: that the asking service goes by those of the token it asks about. */
  readonly goesByAccessRules: boolean;
}

export type KeystoneAction = (call: KeystoneCall) => Answer;

/** `rule` is the policy's name. */
export function adminsOnly(rule: string, action: KeystoneAction): KeystoneAction {
  return (call) => {
    if (!isAdmin(call.caller)) throw forbidden(rule);
    return action(call);
  };
}

/** The rows under their name, all in one answer: Keystone knows no pages here. */
export const listAnswer = ({ world, url }: KeystoneCall, name: string, rows: readonly Json[]): Answer => {
  const self = `${world.origin}${url.pathname}${url.search}`;
  return { status: 200, body: { [name]: rows, links: { next: null, self, previous: null } } };
};

/** The object under `name`, or Keystone's 400 for its absence. */
export function needed(container: unknown, name: string, where: string): Json {
  const found = isJson(container) ? container[name] : undefined;
  if (!isJson(found)) throw malformed(`Expecting to find ${name} in ${where}`);
  return found;
}

/** By id, or by name and domain. */
export function findUser({ identity }: World, named: Json): User | undefined {
  if (typeof named['id'] === 'string') return identity.users.get(named['id']);
  if (!isJson(named['domain'])) throw malformed('Expecting to find domain in user');
  return isOurDomain(named['domain']) ? identity.userByName(String(named['name'])) : undefined;
}

export const isOurDomain = (domain: Json): boolean => domain['id'] === DOMAIN.id || domain['name'] === DOMAIN.name;

export const selfLink = (world: World, path: string): Json => ({ self: `${world.origin}${IDENTITY_PATH}/${path}` });
