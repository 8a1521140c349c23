import { DATABASE_PATH, IDENTITY_PATH } from './catalogue.ts';
import { KeystoneFault } from './keystone-fault.ts';
import { findRoute } from './routes.ts';
import type { Caller } from './rows.ts';
import { httpDate } from './timestamps.ts';
import type { ValidToken } from './token-check.ts';
import { projectOf } from './tokens.ts';
import { TROVE_ROUTES } from './trove-routes.ts';
import { type Answer, challenge, faultAnswer, noSuchPath, TroveFault, toResponse, webobError } from './wire.ts';
import type { World } from './world.ts';

/** Answers for Trove's API: token, project in the path, rate limit, then the route; as `api-paste.ini` orders them. */
export async function answerTrove(world: World, request: Request, url: URL): Promise<Response> {
  const answer = await troveAnswer(world, request, url);
  return toResponse(answer, { Date: httpDate(world.clock.nowUtc()) });
}

async function troveAnswer(world: World, request: Request, url: URL): Promise<Answer> {
  const path = url.pathname.slice(DATABASE_PATH.length);
  const identityUrl = `${world.origin}${IDENTITY_PATH}`;
  // A fetch that says nothing sends `*/*`.
  const accept = request.headers.get('Accept') ?? '*/*';
  const asked = askKeystone(world, request.headers.get('X-Auth-Token') ?? '');
  if (asked.kind === 'refused') return anonymous(identityUrl);
  if (asked.kind === 'failed') return unavailable(accept);
  const projectId = projectOf(asked.valid.token);
  if (projectId === null || !path.startsWith(`/${projectId}/`)) {
    const detail = `User with tenant id ${projectId ?? 'None'} cannot access this resource.`;
    return webobError(403, 'Forbidden', `Access was denied to this resource.<br /><br />\n${detail}\n\n`, accept);
  }
  const delayS = world.rates.delayS(projectId, request.method, world.clock.nowUtc());
  if (delayS > 0) return rateLimited(world, request.method, delayS);
  try {
    return await dispatch(
      world,
      request,
      url,
      path.slice(projectId.length + 2),
      callerOf(world, asked.valid, projectId),
    );
  } catch (fault) {
    if (!(fault instanceof TroveFault)) throw fault;
    return faultAnswer(fault, identityUrl);
  }
}

async function dispatch(world: World, request: Request, url: URL, path: string, caller: Caller): Promise<Answer> {
  const found = findRoute(TROVE_ROUTES, request.method, path);
  if (found === undefined) throw noSuchPath();
  const links = { host: new URL(world.origin).host, projectId: caller.projectId };
  const body = await bodyOf(request);
  if (body === UNSUPPORTED) return unsupported(request);
  return found.action({ world, caller, url, links, ids: found.ids, body });
}

const UNSUPPORTED = Symbol('unsupported media type');

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === '') return {};
  if (request.headers.get('Content-Type')?.split(';')[0]?.trim() !== 'application/json') return UNSUPPORTED;
  try {
    return JSON.parse(text);
  } catch {
    const message = 'The server could not comply with the request since it is either malformed or otherwise incorrect.';
    throw new TroveFault(400, message);
  }
}

function unsupported(request: Request): Answer {
  const type = request.headers.get('Content-Type');
  const text = `The request media type ${type} is not supported by this server.\n<br /><br />\n`;
  return webobError(415, 'Unsupported Media Type', text, request.headers.get('Accept') ?? '*/*');
}

/** Trove: trove/common/wsgi.py, OverLimitFault */
function rateLimited(world: World, verb: string, delayS: number): Answer {
  const overLimit = {
    code: 413,
    message: 'This request was rate-limited.',
    details: `Only ${world.rates.perMinute} ${verb} request(s) can be made to * every minute.`,
    retryAfter: String(delayS),
  };
  return { status: 413, body: { overLimit }, headers: { 'Retry-After': String(delayS) } };
}

function callerOf(world: World, { token, roles }: ValidToken, projectId: string): Caller {
  const names = roles.map(({ name }) => name);
  return {
    userId: token.userId,
    projectId,
    roles: names,
    admin: names.includes('admin'),
    requestId: world.ids.request(),
  };
}

type Asked =
  | { readonly kind: 'valid'; readonly valid: ValidToken }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed' };

/** A 404 is a bad token; any other error, as the 403 of a trust whose trustor lost the role, is Keystone's failure. */
function askKeystone(world: World, id: string): Asked {
  try {
    return { kind: 'valid', valid: world.tokenCache.valid(world, id) };
  } catch (fault) {
    if (!(fault instanceof KeystoneFault)) throw fault;
    return { kind: fault.status === 404 ? 'refused' : 'failed' };
  }
}

const anonymous = (identityUrl: string): Answer => {
  const error = { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' };
  return { status: 401, body: { error }, headers: challenge(identityUrl) };
};

function unavailable(accept: string): Answer {
  const text = 'The server is currently unavailable. Please try again at a later time.<br /><br />\n';
  const detail = 'The Keystone service is temporarily unavailable.\n\n';
  return webobError(503, 'Service Unavailable', `${text}${detail}`, accept);
}
