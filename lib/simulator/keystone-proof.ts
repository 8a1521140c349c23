import type { CredentialRow } from './delegations.ts';
import type { User } from './identity.ts';
import { findUser, needed } from './keystone-call.ts';
import { absent, forbidden, KeystoneFault, malformed, unauthorized } from './keystone-fault.ts';
import { subjectToken } from './token-check.ts';
import type { TokenRow } from './tokens.ts';
import { isJson, type Json } from './wire.ts';
import type { World } from './world.ts';

/** Who it is that signs in, and by what. */
export interface Proof {
  readonly user: User;
  readonly methods: readonly string[];
  /** The token it was proven with. */
  readonly parent: TokenRow | null;
  readonly credential: CredentialRow | null;
}

type Method = (world: World, identity: Json) => Proof;

const METHODS = {
  password: (world, identity) => {
    const given = needed(needed(identity, 'password', 'identity'), 'user', 'None');
    const user = findUser(world, given);
    if (user?.enabled !== true || user.password !== given['password']) throw unauthorized();
    return { user, methods: ['password'], parent: null, credential: null };
  },
  token: (world, identity) => {
    const { token } = subjectToken(world, String(needed(identity, 'token', 'identity')['id'] ?? ''), false);
    refuseDelegated(token);
    const user = world.identity.users.get(token.userId);
    if (user === undefined) throw unauthorized();
    const methods = [...new Set([...token.methods, 'token'])];
    return { user, methods, parent: token, credential: null };
  },
  application_credential: (world, identity) => {
    const given = needed(identity, 'application_credential', 'identity');
    const credential = findCredential(world, given);
    const user = world.identity.users.get(credential.userId);
    const runOut = credential.expiresUtc !== null && credential.expiresUtc <= world.clock.nowUtc();
    if (runOut || credential.secret !== given['secret'] || user?.enabled !== true) throw unauthorized();
    return { user, methods: ['application_credential'], parent: null, credential };
  },
} satisfies Record<string, Method>;

const isMethod = (name: unknown): name is keyof typeof METHODS => typeof name === 'string' && name in METHODS;

/** Several methods must all hold, for the same user. */
export function proofOf(world: World, identity: unknown): Proof {
  if (!isJson(identity)) throw new KeystoneFault(400, "'identity' is a required property");
  const names = identity['methods'];
  if (!Array.isArray(names)) {
    throw new KeystoneFault(400, "Invalid input for field 'identity': 'methods' is a required property");
  }
  if (names.length === 0 || !names.every(isMethod)) throw unsupported();
  const [first, ...others] = names.map((name): Proof => METHODS[name](world, identity));
  if (first === undefined || others.some(({ user }) => user.id !== first.user.id)) throw unauthorized();
  const all = [first, ...others];
  return {
    user: first.user,
    methods: [...new Set(all.flatMap(({ methods }) => methods))],
    parent: all.find(({ parent }) => parent !== null)?.parent ?? null,
    credential: all.find(({ credential }) => credential !== null)?.credential ?? null,
  };
}

const unsupported = (): KeystoneFault =>
  new KeystoneFault(401, 'Attempted to authenticate with an unsupported method.', {
    methods: ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential'],
  });

/** Who was trusted may not trust himself further. Keystone: keystone/auth/plugins/token.py, token_authenticate */
function refuseDelegated({ scope }: TokenRow): void {
  if (scope.kind === 'trust') {
    throw forbidden('Using trust-scoped token to create another token. Create a new trust-scoped token instead');
  }
  if (scope.kind === 'credential') throw forbidden('Using a delegated token to create another token is not allowed.');
}

function findCredential(world: World, given: Json): CredentialRow {
  const { id, name } = given;
  if (typeof id === 'string') {
    const known = world.delegations.credential(id);
    if (known === undefined) throw absent('Application Credential', id);
    return known;
  }
  if (!isJson(given['user'])) throw malformed('Expecting to find user in application credential');
  const user = findUser(world, given['user']);
  const known = world.delegations.credentialsOf(user?.id ?? '').find((one) => one.name === name);
  if (known === undefined) throw unauthorized();
  return known;
}
