import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RunsQuery } from '../../ports/listing.ts';
import { queryOf } from '../api/page.ts';
import { scopeOf } from '../api/scope.ts';
import type { Routes } from '../api/server.ts';
import { type As, readInstant } from '../api/view.ts';
import { sendWritten } from '../api/written.ts';
import { byId, scopeQuery } from '../contract/common.ts';
import { runAnswer, runsQuery, runsSchema } from '../contract/run.ts';
import type { Part } from '../reads.ts';
import { notFound, refusal } from '../refusals/index.ts';
import { CSV_HEAD } from '../views/run.ts';
import { type ReadDeps, unknownMarker } from './instances.ts';

/** That a download would have more is said before it begins, so that none is cut short without a word. */
const MOST_LINES = 100_000;
const LINES_A_PART = 1_000;
/** By which spreadsheets know that it is UTF-8. */
const BOM = '\uFEFF';

function queryFor({ caller }: Pick<FastifyRequest, 'caller'>, asked: z.output<typeof runsQuery>): RunsQuery {
  return {
    scope: scopeOf(caller, asked),
    instanceId: asked.instance_id ?? null,
    state: asked.state ?? null,
    origin: asked.origin ?? null,
    sinceUtc: readInstant(asked.since_at),
    untilUtc: readInstant(asked.until_at),
    limit: asked.limit,
    marker: asked.marker ?? null,
  };
}

export interface RunDeps extends ReadDeps {
  /** Of one download. */
  readonly mostLines?: number;
}

/** One part in memory at a time; the next is read when the reader has taken it. */
async function* linesOf(first: Part, partAfter: (marker: string) => Promise<Part | null>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(BOM + CSV_HEAD);
  for (let part: Part | null = first; part; part = part.next === null ? null : await partAfter(part.next)) {
    if (part.bytes.length > 0) yield part.bytes;
  }
}

async function sendCsv({ reads, mostLines = MOST_LINES }: RunDeps, asked: RunsQuery, as: As, reply: FastifyReply) {
  const query = { ...asked, limit: LINES_A_PART };
  const first = await reads.runsCsv(query, as);
  if (!first) throw unknownMarker();
  if (first.next !== null && (await reads.runsExceed(query, mostLines))) {
    throw refusal('too-many-runs', { most: mostLines });
  }
  return reply
    .headers({ 'content-disposition': 'attachment; filename="runs.csv"', 'cache-control': 'no-store' })
    .type('text/csv; charset=utf-8; header=present')
    .send(
      Readable.from(
        linesOf(first, (marker) => reads.runsCsv({ ...query, marker }, as)),
        { objectMode: false },
      ),
    );
}

export const runRoutes =
  (deps: RunDeps): Routes =>
  (api) => {
    const { reads, clock } = deps;
    api.get(
      '/v1/runs',
      {
        config: { rule: 'run:read' },
        schema: {
          summary: 'What became of slots and requests, the newest first; format=csv is a download',
          tags: ['runs'],
          querystring: runsQuery,
          response: { 200: runsSchema },
        },
      },
      async (request, reply) => {
        const query = queryFor(request, request.query);
        const as = { language: request.language, nowUtc: clock.nowUtc(), search: queryOf(request.url) };
        if (request.query.format === 'csv') return sendCsv(deps, query, as, reply);
        const found = await reads.runs(query, as);
        if (!found) throw unknownMarker();
        return sendWritten(request, reply, found);
      },
    );
    api.get(
      '/v1/runs/:id',
      {
        config: { rule: 'run:read' },
        schema: {
          summary: 'One run',
          tags: ['runs'],
          params: byId,
          querystring: z.strictObject(scopeQuery),
          response: { 200: runAnswer },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const as = { language: request.language, nowUtc: clock.nowUtc() };
        const found = await reads.run(id, scopeOf(request.caller, request.query), as);
        if (!found) throw notFound('run', id);
        return sendWritten(request, reply, found);
      },
    );
  };
