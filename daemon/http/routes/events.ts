import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Clock } from '../../ports/clock.ts';
import type { EventsPort } from '../../ports/events.ts';
import type { Log } from '../../ports/log.ts';
import type { Caller } from '../api/caller.ts';
import type { ApiError } from '../api/error.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { eventSchema, eventsQuery } from '../contract/overview.ts';
import { createPlaces } from '../events/places.ts';
import { streamEvents } from '../events/stream.ts';
import { tellWhatIsWritten } from '../events/written.ts';
import { refusal } from '../refusals/index.ts';
import type { Door } from '../session/door.ts';

export interface EventsRoutesDeps {
  readonly events: EventsPort;
  readonly door: Pick<Door, 'presenceOf'>;
  readonly clock: Clock;
  readonly log: Log;
}

const PER_USER = 10;
/** Far fewer than the connections that the service takes: nobody's streams keep others out. */
const ALL = 400;
const FULL_SECONDS = '30';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would gather the events otherwise
  'x-accel-buffering': 'no',
} as const;

const full = (): ApiError =>
  refusal('too-many-streams', { most: PER_USER, seconds: FULL_SECONDS }, { headers: { 'retry-after': FULL_SECONDS } });

const notAnyMore = (): ApiError => refusal('forbidden-now', {});

const description = 'Events named by their kind; this is the data of each';

/** What changes in a project, as it changes: server-sent events that say where to look again. */
export const eventsRoutes =
  ({ events, door, clock, log }: EventsRoutesDeps): Routes =>
  (api) => {
    const places = createPlaces(PER_USER, ALL);
    const stopping = new AbortController();
    tellWhatIsWritten(api, events);
    api.addHook('preClose', async () => stopping.abort(new Error('the service stops')));

    api.get(
      '/v1/events',
      {
        config: { rule: 'event:read' },
        exposeHeadRoute: false,
        schema: {
          summary: 'What changes, as it changes',
          tags: ['events'],
          querystring: eventsQuery,
          response: { 200: { description, content: { 'text/event-stream': { schema: eventSchema } } } },
        },
      },
      async (request, reply) => {
        const { caller, query } = request;
        const projectId = scopeOf(caller, query);
        const leave = places.take(caller.userId);
        if (!leave) throw full();
        const { over, again } = door.presenceOf(request);
        const check = async () => {
          const now = await again();
          assertStillMay(now, caller, projectId);
          return now.expiresUtc;
        };
        const signal = AbortSignal.any([stopping.signal, ...(over ? [over] : [])]);
        const isBack = request.headers['last-event-id'] !== undefined;
        const { raw: out } = reply.hijack();
        try {
          writeHead(out, reply.getHeaders());
          await streamEvents({ events, clock, out, projectId, isBack, check, expiresUtc: caller.expiresUtc, signal });
        } catch (error) {
          log.error('http.failed', { request: request.id, route: '/v1/events', error: String(error) });
        } finally {
          leave();
          out.destroy();
        }
      },
    );
  };

function writeHead(out: ServerResponse, headers: ReturnType<FastifyReply['getHeaders']>): void {
  for (const [name, value] of Object.entries({ ...headers, ...HEADERS }))
    if (value !== undefined) out.setHeader(name, value);
  out.writeHead(200);
}

/** The roles that he has now, which may be others than when he came. */
function assertStillMay(now: Caller, { projectId: own }: Caller, listened: string | null): void {
  const isOther = listened !== own;
  if (now.projectId !== own || !now.may('event:read') || (isOther && !now.isAdmin)) throw notAnyMore();
}
