import { expect, test } from 'vitest';
import { createHub } from '../../daemon/http/events/hub.ts';
import type { Reads, Written } from '../../daemon/http/reads.ts';
import { sharing } from '../../daemon/http/sharing.ts';
import type { ChangeKind } from '../../daemon/ports/events.ts';
import type { InstancesQuery } from '../../daemon/ports/listing.ts';

const written = (text: string, shows?: readonly string[]): Written => ({
  bytes: new TextEncoder().encode(text),
  etag: `"${text}"`,
  ...(shows && { shows }),
});
const AS = { language: 'en', nowUtc: 0 } as const;
const QUERY: InstancesQuery = {
  ...{ scope: 'p1', sort: 'name', descending: false, name: null, state: null, datastore: null, policy: null },
  ...{ gone: false, limit: 100, marker: null },
};
const never = (): never => {
  throw new Error('nobody asks for this');
};

/** Reads that are answered when a test says so. */
function lab() {
  const clock = { ms: 0, monotonicMs: () => clock.ms };
  const events = createHub();
  const asked: PromiseWithResolvers<Written>[] = [];
  const ask = (): Promise<Written> => {
    const answer = Promise.withResolvers<Written>();
    asked.push(answer);
    return answer.promise;
  };
  const none: Omit<Reads, 'instances' | 'overview'> = {
    ...{ instance: never, runs: never, run: never, region: never, runsExceed: never, runsCsv: never },
  };
  const reads = sharing({ ...none, instances: ask, overview: ask }, events, clock);
  const tell = (projectId: string | null, instanceId: string | null = null, kind: ChangeKind = 'run'): void =>
    events.tell({ kind, projectId, instanceId });
  return {
    clock,
    asked,
    tell,
    close: reads.close,
    overview: (scope: string | null = 'p1', language: 'en' | 'vi' = 'en') =>
      reads.overview(scope, { language, nowUtc: 0 }),
    instances: (over: Partial<InstancesQuery> = {}, search = '') =>
      reads.instances({ ...QUERY, ...over }, { ...AS, search }),
  };
}

test('what many ask for at once is asked for once, for two seconds', async () => {
  const { clock, asked, overview } = lab();
  const both = Promise.all([overview(), overview()]);
  asked[0]?.resolve(written('a'));
  expect((await both).map(({ etag }) => etag)).toEqual(['"a"', '"a"']);
  clock.ms = 999;
  expect((await overview()).etag).toBe('"a"');
  clock.ms = 2_000;
  void overview();
  expect(asked).toHaveLength(2);
});

test('another project, language, filter, page or link is another answer', () => {
  const { asked, overview, instances } = lab();
  for (const ask of [
    () => overview(),
    () => overview('p2'),
    () => overview(null),
    () => overview('p1', 'vi'),
    () => instances(),
    () => instances({ scope: 'p2' }),
    () => instances({ marker: 'x' }),
    () => instances({}, '?limit=100'),
  ]) {
    const before = asked.length;
    void ask();
    void ask();
    expect(asked.length).toBe(before + 1);
  }
});

test.each([
  { told: 'p1', again: [true, false, true] },
  { told: 'p2', again: [false, true, true] },
  { told: null, again: [true, true, true] },
])('a change of $told ends what is kept of it and of all', ({ told, again }) => {
  const { asked, overview, tell } = lab();
  const scopes = ['p1', 'p2', null];
  for (const scope of scopes) void overview(scope);
  tell(told);
  const asksAgain = scopes.map((scope) => {
    const before = asked.length;
    void overview(scope);
    return asked.length > before;
  });
  expect(asksAgain).toEqual(again);
});

test('who asks after a change is not given what was begun before it', async () => {
  const { asked, overview, tell } = lab();
  const before = overview();
  tell('p1');
  const after = overview();
  asked[1]?.resolve(written('new'));
  asked[0]?.resolve(written('old'));
  expect([(await before).etag, (await after).etag, (await overview()).etag]).toEqual(['"old"', '"new"', '"new"']);
});

test('what fails is asked for anew, and does not take the place of what was asked since', async () => {
  const { asked, overview, tell } = lab();
  const failing = overview();
  tell('p1');
  const after = overview();
  asked[0]?.reject(new Error('closed'));
  await expect(failing).rejects.toThrow('closed');
  asked[1]?.resolve(written('b'));
  await after;
  expect((await overview()).etag).toBe('"b"');
  tell('p1');
  const again = overview();
  asked[2]?.reject(new Error('closed'));
  await expect(again).rejects.toThrow('closed');
  void overview();
  expect(asked).toHaveLength(4);
});

test('no more than 200 are kept: the oldest goes', () => {
  const { asked, instances } = lab();
  for (let n = 0; n <= 200; n++) void instances({ marker: String(n) });
  void instances({ marker: '200' });
  void instances({ marker: '1' });
  expect(asked).toHaveLength(201);
  void instances({ marker: '0' });
  expect(asked).toHaveLength(202);
});

test('once closed it hears nothing more', () => {
  const { asked, overview, tell, close } = lab();
  void overview();
  close();
  tell('p1');
  void overview();
  expect(asked).toHaveLength(1);
});

const PAGE = {};
const LATE = { state: 'late' } as const;
type Told = readonly [projectId: string, instanceId?: string, kind?: ChangeKind];
test.each<{ what: string; over: Partial<InstancesQuery>; told: Told; again: boolean }>([
  { what: 'a run of one that it shows', over: PAGE, told: ['p1', 'db-1'], again: true },
  { what: 'a run of another', over: PAGE, told: ['p1', 'db-9'], again: false },
  { what: 'a schedule of another', over: PAGE, told: ['p1', 'db-9', 'schedule'], again: false },
  { what: 'another that is new', over: PAGE, told: ['p1', 'db-9', 'instance'], again: true },
  { what: 'a run of who knows which', over: PAGE, told: ['p1'], again: true },
  { what: 'something of another project', over: PAGE, told: ['p2', 'db-1'], again: false },
  {
    what: 'a run of another, by when they were created',
    over: { sort: 'created' },
    told: ['p1', 'db-9'],
    again: false,
  },
  { what: 'a run of another, which may be among the late now', over: LATE, told: ['p1', 'db-9'], again: true },
  {
    what: 'a schedule of another, which may go by this policy now',
    over: { policy: 'daily' },
    told: ['p1', 'db-9', 'schedule'],
    again: true,
  },
  {
    what: 'a run of another, by their newest points',
    over: { sort: 'point' },
    told: ['p1', 'db-9'],
    again: true,
  },
])('a page is read again after $what: $again', async ({ over, told, again }) => {
  const { asked, instances, tell } = lab();
  const page = instances(over);
  asked[0]?.resolve(written('a', ['db-1', 'db-2']));
  await page;
  tell(...told);
  void instances(over);
  expect(asked.length).toBe(again ? 2 : 1);
});

test('a page of which nothing is known yet is read again after anything of its project', () => {
  const { asked, instances, tell } = lab();
  void instances();
  tell('p1', 'db-9');
  void instances();
  expect(asked).toHaveLength(2);
});

/** In which the overview was asked for, and is "a". */
async function labWithOverview() {
  const its = lab();
  const first = its.overview();
  its.asked[0]?.resolve(written('a'));
  await first;
  return its;
}

test('what is asked for all the time is written anew every second, and nobody waits for it', async () => {
  const { clock, asked, overview } = await labWithOverview();
  clock.ms = 999;
  void overview();
  expect(asked).toHaveLength(1);
  clock.ms = 1_000;
  expect((await overview()).etag).toBe('"a"');
  expect((await overview()).etag).toBe('"a"');
  expect(asked).toHaveLength(2);
  asked[1]?.resolve(written('b'));
  await asked[1]?.promise;
  expect((await overview()).etag).toBe('"b"');
  clock.ms = 2_999;
  expect((await overview()).etag).toBe('"b"');
  clock.ms = 3_000;
  void overview();
  expect(asked).toHaveLength(4);
});

test('what was being written anew when a change was told is given to nobody', async () => {
  const { clock, asked, overview, tell } = await labWithOverview();
  clock.ms = 1_500;
  await overview();
  tell('p1');
  asked[1]?.resolve(written('old'));
  await asked[1]?.promise;
  const after = overview();
  asked[2]?.resolve(written('new'));
  expect((await after).etag).toBe('"new"');
});

test('where writing it anew fails, who has to wait for it is told', async () => {
  const { clock, asked, overview } = await labWithOverview();
  clock.ms = 1_500;
  await overview();
  asked[1]?.reject(new Error('closed'));
  expect((await overview()).etag).toBe('"a"');
  clock.ms = 2_000;
  const after = overview();
  asked[2]?.reject(new Error('closed'));
  await expect(after).rejects.toThrow('closed');
});

test('what somebody looks at is written anew as soon as a change is told, once for many changes', async () => {
  const { clock, asked, overview, tell } = await labWithOverview();
  clock.ms = 900;
  await overview();
  clock.ms = 1_800;
  tell('p1');
  tell('p1');
  expect(asked).toHaveLength(2);
  const next = overview();
  expect(asked).toHaveLength(3);
  asked[2]?.resolve(written('c'));
  expect((await next).etag).toBe('"c"');
  clock.ms = 2_801;
  tell('p1');
  expect(asked).toHaveLength(3);
});

test('what was written anew at a change ends as soon as if it had been asked for when it last was', async () => {
  const { clock, asked, overview, tell } = await labWithOverview();
  clock.ms = 500;
  tell('p1');
  asked[1]?.resolve(written('b'));
  clock.ms = 1_999;
  expect((await overview()).etag).toBe('"b"');
  clock.ms = 2_000;
  void overview();
  expect(asked).toHaveLength(4);
});

test('what fails when it is written anew at a change is asked for by who comes next', async () => {
  const { asked, overview, tell } = await labWithOverview();
  tell('p1');
  asked[1]?.reject(new Error('closed'));
  await asked[1]?.promise.catch(() => undefined);
  const next = overview();
  asked[2]?.resolve(written('b'));
  expect((await next).etag).toBe('"b"');
});
