import { expect, test } from 'vitest';
import { createHub } from '../../daemon/http/events/hub.ts';
import type { Reads, Written } from '../../daemon/http/reads.ts';
import { sharing } from '../../daemon/http/sharing.ts';
import type { InstancesQuery } from '../../daemon/ports/listing.ts';

const written = (text: string): Written => ({ bytes: new TextEncoder().encode(text), etag: `"${text}"` });
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
  const tell = (projectId: string | null): void => events.tell({ kind: 'run', projectId, instanceId: null });
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
  clock.ms = 1_999;
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
