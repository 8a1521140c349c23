import { type Catalogue, IDENTITY_PATH } from './catalogue.ts';
import { authenticate } from './keystone-auth.ts';
import { KeystoneFault, keystoneAnswer, malformed, TokenFault, unauthorized } from './keystone-fault.ts';
import { KEYSTONE_ROUTES } from './keystone-routes.ts';
import { versionView } from './keystone-views.ts';
import { findRoute } from './routes.ts';
import { type ValidToken, validToken } from './token-check.ts';
import { type Answer, toResponse } from './wire.ts';
import type { World } from './world.ts';

/** Answers for Keystone's v3 API, as much of it as a client of Trove needs. */
export async function answerKeystone(
  world: World,
  catalogue: Catalogue,
  request: Request,
  url: URL,
): Promise<Response> {
  const answer = await caught(world, () => answered(world, catalogue, request, url));
  return toResponse(answer, { Vary: 'X-Auth-Token', 'x-openstack-request-id': world.ids.request() });
}

async function caught(world: World, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof KeystoneFault) return keystoneAnswer(fault, world.origin);
    throw fault;
  }
}

async function answered(world: World, catalogue: Catalogue, request: Request, url: URL): Promise<Answer> {
  const path = url.pathname.slice(IDENTITY_PATH.length).replace(/^\/|\/$/g, '');
  const { method } = request;
  if (path === '' && method === 'GET') return { status: 200, body: versionView(world) };
  if (path === 'auth/tokens' && method === 'POST') return authenticate(world, catalogue, await bodyOf(request));
  const found = findRoute(KEYSTONE_ROUTES, method, path);
  if (found === undefined) return noSuchUrl();
  const caller = callerOf(world, request.headers.get('X-Auth-Token'));
  const subject = request.headers.get('X-Subject-Token');
  const goesByAccessRules = Number(request.headers.get('OpenStack-Identity-Access-Rules') ?? 0) >= 1;
  const body = await bodyOf(request);
  return found.action({ world, catalogue, url, ids: found.ids, body, caller, subject, goesByAccessRules });
}

/** A token that is none is a 401; one whose trust or application credential has gone is a 404, as it names that. */
function callerOf(world: World, id: string | null): ValidToken {
  try {
    return validToken(world, id ?? '');
  } catch (fault) {
    throw fault instanceof TokenFault ? unauthorized() : fault;
  }
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('Expecting to find valid JSON in request body');
  }
}

const noSuchUrl = (): Answer => ({
  status: 404,
  body: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
});
