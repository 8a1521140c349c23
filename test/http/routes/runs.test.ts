import { afterEach, beforeEach, expect, test } from 'vitest';
import { runAnswer, runsSchema } from '../../../daemon/http/contract/run.ts';
import { runRoutes } from '../../../daemon/http/routes/runs.ts';
import { HOUR, iso } from '../../core/builders.ts';
import { NOW } from '../../store/world.ts';
import type { Answer } from '../answer.ts';
import { type ReadsLab, readsLab } from './reads-lab.ts';

let lab: ReadsLab;
beforeEach(() => {
  lab = readsLab((deps) => runRoutes({ ...deps, mostLines: 2_500 }));
});
afterEach(() => lab.close());

interface Put {
  readonly id: string;
  readonly projectId?: string;
  readonly instanceId?: string;
  readonly ago?: number;
  readonly state?: string;
  readonly origin?: string;
  readonly because?: string | null;
}
function put({ id, ago = 0, ...over }: Put): void {
  const row = { projectId: 'p1', instanceId: 'db-1', state: 'completed', origin: 'scheduled', because: null, ...over };
  lab.store.db
    .prepare(
      `INSERT INTO runs (run_id, instance_id, project_id, slot_utc, state, because, kind, kind_because, origin, backup_id,
         claimed_utc, not_before_utc, intent_utc, ended_utc)
       VALUES (@id, @instanceId, @projectId, @at, @state, @because, 'full', '{"rule":"no-chain","params":{}}', @origin,
         'b-' || @id, 0, 0, @at, CASE @state WHEN 'running' THEN NULL ELSE @at END)`,
    )
    .run({ ...row, id, at: NOW - ago * HOUR });
}
function demand(runId: string, note: string, requestedBy = 'ada'): void {
  lab.store.db
    .prepare("INSERT INTO demands VALUES (?, 'p1', 'db-1', ?, ?, ?, 'full', ?)")
    .run(runId, runId, requestedBy, note, 3 * HOUR);
}
const idsOf = ({ body }: Answer): readonly string[] => body.runs.map(({ id }) => id);

test('a run says what became of a slot or a request, and why', async () => {
  put({ id: 'r1', because: '{"rule":"backup-completed","params":{}}' });
  put({ id: 'r2', ago: 1, origin: 'on_demand', state: 'running' });
  demand('r2', 'before the upgrade');
  const { status, body } = await lab.get('/v1/runs');
  expect(status).toBe(200);
  expect(runsSchema.strict().parse(body)).toEqual(body);
  expect(body.runs[0]).toEqual({
    ...{ id: 'r1', instance_id: 'db-1', project_id: 'p1', origin: 'scheduled', slot_at: iso(NOW), state: 'completed' },
    because: { rule: 'backup-completed', params: {}, text: expect.any(String) },
    kind: 'full',
    kind_because: { rule: 'no-chain', params: {}, text: expect.any(String) },
    ...{ backup_id: 'b-r1', parent_id: null, asked_at: iso(NOW), ended_at: iso(NOW) },
    ...{ requested_by: null, note: null, keep: null },
  });
  expect(body.runs[1]).toMatchObject({
    ...{ id: 'r2', origin: 'on_demand', ended_at: null },
    ...{ requested_by: 'ada', note: 'before the upgrade', keep: 'PT3H' },
  });
  const one = await lab.get('/v1/runs/r2');
  expect(runAnswer.strict().parse(one.body)).toEqual({ run: body.runs[1] });
});

test('of a credited slot nothing was asked for', async () => {
  put({ id: 'r1', state: 'credited' });
  expect((await lab.get('/v1/runs/r1')).body.run.asked_at).toBeNull();
});

test.each([
  { query: '', ids: ['r1', 'r2', 'r3', 'r4'] },
  { query: '?instance_id=db-2', ids: ['r3'] },
  { query: '?state=failed', ids: ['r2'] },
  { query: '?state=running', ids: ['r4'] },
  { query: '?origin=on_demand', ids: ['r3'] },
  { query: `?since_at=${iso(NOW - 2 * HOUR)}`, ids: ['r1', 'r2', 'r3'] },
  { query: `?until_at=${iso(NOW - 2 * HOUR)}`, ids: ['r4'] },
  { query: '?marker=r2', ids: ['r3', 'r4'] },
])('the history of $query', async ({ query, ids }) => {
  put({ id: 'r1' });
  put({ id: 'r2', ago: 1, state: 'failed' });
  put({ id: 'r3', ago: 2, instanceId: 'db-2', origin: 'on_demand' });
  put({ id: 'r4', ago: 3, state: 'running' });
  put({ id: 'other', projectId: 'p2', instanceId: 'db-9' });
  expect(idsOf(await lab.get(`/v1/runs${query}`))).toEqual(ids);
});

test('pages are walked by their next links', async () => {
  for (let n = 0; n < 5; n++) put({ id: `r${n}`, ago: n });
  const first = await lab.get('/v1/runs?limit=3');
  const [next] = first.body.runs_links;
  expect(next).toEqual({ rel: 'next', href: '?limit=3&marker=r2' });
  const second = await lab.get(`/v1/runs${next?.href}`);
  expect([idsOf(first), idsOf(second)]).toEqual([
    ['r0', 'r1', 'r2'],
    ['r3', 'r4'],
  ]);
  expect(second.body.runs_links).toEqual([]);
});

test.each([
  { url: '/v1/runs?marker=other', status: 400, title: 'unknown-marker' },
  { url: '/v1/runs?marker=other&format=csv', status: 400, title: 'unknown-marker' },
  { url: '/v1/runs?since_at=yesterday', status: 400, title: 'invalid' },
  { url: '/v1/runs?format=xls', status: 400, title: 'invalid' },
  { url: '/v1/runs?all_projects=true', status: 403, title: 'forbidden' },
  { url: '/v1/runs?project_id=p2&format=csv', status: 403, title: 'forbidden' },
  { url: '/v1/runs/other', status: 404, title: 'not-found' },
  { url: '/v1/runs/none', status: 404, title: 'not-found' },
])('$url is refused with $status', async ({ url, status, title }) => {
  put({ id: 'other', projectId: 'p2' });
  const answer = await lab.get(url);
  expect([answer.status, answer.body.error.title]).toEqual([status, title]);
});

test('an instance of another project has no runs here, and an admin sees all', async () => {
  put({ id: 'other', projectId: 'p2', instanceId: 'db-9' });
  expect(idsOf(await lab.get('/v1/runs?instance_id=db-9'))).toEqual([]);
  expect(idsOf(await lab.get('/v1/runs?all_projects=true', 'admin@p1'))).toEqual(['other']);
  expect(idsOf(await lab.get('/v1/runs?project_id=p2&instance_id=db-9', 'admin@p1'))).toEqual(['other']);
  expect((await lab.get('/v1/runs/other?all_projects=true', 'admin@p1')).status).toBe(200);
});

/** As RFC 4180 says; cells may have line breaks. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('a download has a line a run, in the language that was asked for', async () => {
  put({ id: 'r1', because: '{"rule":"backup-completed","params":{}}' });
  put({ id: 'r2', ago: 1, state: 'failed' });
  const { status, headers, text } = await lab.get('/v1/runs?format=csv', 'reader@p1', { 'accept-language': 'vi' });
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="runs.csv"',
  });
  expect(text.startsWith('\uFEFFid,instance_id,')).toBe(true);
  const [head = [], ...rows] = readCsv(text.slice(1));
  const named = rows.map((row) => Object.fromEntries(head.map((name, n) => [name, row[n]])));
  const vi = (await lab.get('/v1/runs/r1', 'reader@p1', { 'accept-language': 'vi' })).body.run.because?.text;
  expect(named).toMatchObject([
    { id: 'r1', state: 'completed', because_rule: 'backup-completed', because: vi, parent_id: '' },
    { id: 'r2', state: 'failed', because_rule: '', because: '' },
  ]);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', '=cmd|"/c calc"!A1'])(
  'a cell %j is no formula to a spreadsheet',
  async (note) => {
    put({ id: 'r1', origin: 'on_demand' });
    demand('r1', note, 'Lovelace, "Ada"');
    const { text } = await lab.get('/v1/runs?format=csv');
    const [head = [], row = []] = readCsv(text.slice(1));
    expect(row[head.indexOf('note')]).toBe(`'${note}`);
    expect(row[head.indexOf('requested_by')]).toBe('Lovelace, "Ada"');
    expect(row).toHaveLength(head.length);
  },
);

test('a download of several parts has all of them, and one that is too long is refused before it begins', async () => {
  lab.store.db.exec('BEGIN');
  for (let n = 0; n < 2_500; n++) put({ id: `r${n}`, ago: n });
  lab.store.db.exec('COMMIT');
  const rows = readCsv((await lab.get('/v1/runs?format=csv&limit=1')).text.slice(1));
  expect(rows.slice(1).map(([id]) => id)).toEqual(Array.from({ length: 2_500 }, (_, n) => `r${n}`));
  put({ id: 'one-more', ago: 3_000 });
  const { status, body } = await lab.get('/v1/runs?format=csv');
  expect([status, body.error.title, body.error.hint]).toEqual([400, 'too-many', expect.stringContaining('since_at')]);
});
