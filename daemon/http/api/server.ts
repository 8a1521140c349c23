import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifySchema } from 'fastify';
import type { RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify/types/utils.js';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Language } from '../../../lib/core/index.ts';
import type { Log } from '../../ports/log.ts';
import { type AdmitDeps, admitting } from './admit.ts';
import type { Caller } from './caller.ts';
import { answerBadUrl, answerError, answerGarbled, answerNotFound } from './failures.ts';
import { type Origins, protecting } from './headers.ts';
import type { Rule } from './rules.ts';
import { cutSlowReaders } from './slow-readers.ts';
import { languageOf } from './view.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler of a route that has a rule. */
    caller: Caller;
    language: Language;
  }
  interface FastifyContextConfig {
    /** What the caller must be allowed to; `public`: nobody is asked who he is. */
    rule?: Rule | 'public';
  }
  interface FastifyInstance {
    /** Every route there is, each method by itself. */
    readonly operations: readonly Operation[];
  }
}

export interface Operation {
  readonly method: string;
  readonly url: string;
  readonly rule: Rule | 'public';
  readonly schema: FastifySchema | undefined;
}

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds the routes of one topic. */
export type Routes = (api: Api) => void;

export interface ApiOptions extends AdmitDeps {
  readonly log: Log;
  readonly routes: readonly Routes[];
  readonly limits?: Partial<ApiLimits>;
  /** Whose pages may call from a browser; without it nobody's. */
  readonly origins?: Origins;
}

export interface ApiLimits {
  /** At once; those that come then are closed. */
  readonly connections: number;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly headersMs: number;
  readonly requestMs: number;
  /** Within which an answer must have been taken. */
  readonly answerMs: number;
  /** How often connections are looked at. */
  readonly checkMs: number;
}

const BODY_BYTES = 64 * 1024;
/** More than proxies leave a connection idle by default (nginx 60 s), so that it is they who close it. */
const KEEP_ALIVE_MS = 65_000;
export const LIMITS: ApiLimits = {
  connections: 1_000,
  trustedProxies: [],
  headersMs: 10_000,
  requestMs: 15_000,
  answerMs: 60_000,
  checkMs: 1_000,
};

/** The web service: every route has a rule, every answer a schema. */
export function createApi(options: ApiOptions): Api {
  const { log, routes, origins = () => [] } = options;
  const limits = { ...LIMITS, ...options.limits };
  const { connections, trustedProxies, headersMs, requestMs, answerMs, checkMs } = limits;
  const server = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: () => `req-${randomUUID()}`,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkMs },
    clientErrorHandler: answerGarbled,
    frameworkErrors: answerBadUrl,
  });
  server.server.maxConnections = connections;
  server.removeContentTypeParser('text/plain');
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  const api: Api = server.withTypeProvider<ZodTypeProvider>();
  api.decorateRequest('language', 'en');
  collectOperations(api);
  cutSlowReaders(api, answerMs);
  protecting(api, origins);
  const admit = admitting(options);
  api.addHook('onRequest', async (request, reply) => {
    request.language = languageOf(request.headers['accept-language']);
    await admit(request, reply);
  });
  api.setErrorHandler(answerError(log));
  api.setNotFoundHandler(answerNotFound);
  for (const add of routes) add(api);
  return api;
}

function collectOperations(api: Api): void {
  const operations: Operation[] = [];
  api.decorate('operations', operations);
  api.addHook('onRoute', ({ method, url, config, schema }) => {
    const { rule } = config ?? {};
    if (rule === undefined) throw new Error(`route ${url} has no rule: say who may use it`);
    for (const one of [method].flat()) operations.push({ method: one, url, rule, schema });
  });
}
