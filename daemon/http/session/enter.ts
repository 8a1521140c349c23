import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Log } from '../../ports/log.ts';
import type { Caller } from '../api/caller.ts';
import { ApiError } from '../api/error.ts';
import { addressKey } from '../api/rates.ts';
import type { signInBody } from '../contract/session.ts';
import type { TokenDoor } from './door.ts';
import type { Revocations } from './revocations.ts';
import type { Grant } from './sessions.ts';
import type { SignOnPort } from './sign-on.ts';
import { foldName, type Tries, withinTries } from './tries.ts';

export type SignInBody = z.output<typeof signInBody>;
type ByPassword = Extract<SignInBody, { readonly password: string }>;

export interface EnterDeps {
  readonly signOn: SignOnPort;
  readonly tokens: TokenDoor;
  readonly tries: Tries;
  readonly revocations: Pick<Revocations, 'add'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

export interface Entered {
  readonly grant: Grant;
  readonly caller: Caller;
}

/** Exchanges what somebody signs in with for a token of a project. @throws ApiError 401, 403, 429, 503 */
export async function enter(deps: EnterDeps, body: SignInBody, ip: string): Promise<Entered> {
  const { log } = deps;
  try {
    const entered = 'token' in body ? await byToken(deps, body.token, ip) : await byPassword(deps, body, ip);
    const { userId: user, projectId: project } = entered.caller;
    log.info('session.opened', { user, project, address: ip });
    return entered;
  } catch (error) {
    // Not who it was to be: some people type their password where their name belongs.
    if (error instanceof ApiError && error.status === 401) log.warn('session.refused', { address: ip });
    throw error;
  }
}

/** A token that is none is charged to its address as it would be with X-Auth-Token. */
async function byToken({ tokens }: EnterDeps, token: string, ip: string): Promise<Entered> {
  const caller = await tokens.ofToken(token, addressKey(ip));
  return { caller, grant: grantOf(caller, token, token, true) };
}

async function byPassword(deps: EnterDeps, body: ByPassword, ip: string): Promise<Entered> {
  const { signOn, tries } = deps;
  const { user, user_domain: domain, password } = body;
  const who = createHash('sha256')
    .update(`${foldName(domain)}\n${foldName(user)}`)
    .digest('base64');
  const base = await withinTries(tries, who, ip, () => signOn.byPassword({ user, domain, password }));
  return await intoProject(deps, body, base);
}

async function intoProject(deps: EnterDeps, body: ByPassword, base: string): Promise<Entered> {
  const { signOn, tokens, revocations } = deps;
  const made = [base];
  try {
    const { project, project_domain: domain } = body;
    const token = await signOn.tokenOf(base, project === null ? 'any' : { name: project, domain });
    made.push(token);
    const caller = await tokens.ofToken(token, `session of ${base.slice(-16)}`);
    return { caller, grant: grantOf(caller, base, token, false) };
  } catch (error) {
    for (const token of made) revocations.add(token, 0);
    throw error;
  }
}

const grantOf = ({ userId, expiresUtc }: Caller, base: string, token: string, isBrought: boolean): Grant => ({
  userId,
  base,
  token,
  isBrought,
  expiresUtc,
});
