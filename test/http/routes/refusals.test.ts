import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Api } from '../../../daemon/http/api/server.ts';
import { type Refusals, STATUS, type Title } from '../../../daemon/http/refusals/catalogue.ts';
import { inCallersName, OF_FAULTS, refusal } from '../../../daemon/http/refusals/index.ts';
import { CallerCloudError, type CallerFault } from '../../../daemon/ports/caller-cloud.ts';
import { because } from '../../../lib/core/index.ts';
import { labApi } from '../api/lab.ts';

const said = { detail: '422, Instance is RESIZE' };
const reason = because('demand-waiting', { run: 'run-7' });
/** One of every title: the compiler asks for a sample of a new one. */
const SAMPLES: { readonly [T in Title]: Refusals[T] } = {
  'signed-out': said,
  'forbidden-by-cloud': said,
  'not-found-in-cloud': said,
  'quota-full': said,
  'rate-limited': said,
  busy: said,
  'conflict-in-cloud': said,
  'refused-by-cloud': said,
  'storage-unavailable': said,
  'no-endpoint': said,
  'no-answer': said,
  'outcome-unknown': said,
  'has-descendants': { backup: 'b-1', count: 2 },
  held: { backup: 'b-1', owner: 'anna', note: 'audit' },
  running: { backup: 'b-1', status: 'BUILDING' },
  going: { backup: 'b-1' },
  unreadable: { backup: 'b-1', field: 'created' },
  'newest-recovery-point': { backup: 'b-1', leftUtc: 0 },
  'project-busy': {},
  'not-managed': { backup: 'b-1' },
  'not-held': { backup: 'b-1' },
  'not-marked': { backup: 'b-1' },
  'not-restorable': { because: because('not-whole', { backup: 'b-1', status: 'FAILED' }) },
  'volume-too-small': { givenGb: 3, leastGb: 4 },
  'volume-size-needed': {},
  'no-datastore': { backup: 'b-1' },
  'no-flavor': { id: 'f-1' },
  'no-network': { id: 'n-1' },
  'not-taken': { because: reason },
  'clock-doubtful': { because: because('clock-unproven', {}) },
  'already-waiting': { because: reason },
  'restore-unknown': {},
  'key-reused': { because: because('key-reused', { run: 'run-7' }) },
  'bad-key': {},
  'too-late': { run: 'run-7', state: 'running' },
};
const titles = Object.keys(SAMPLES) as readonly Title[];

test.each(titles)('%s says what is wrong and what to do, in both languages', (title) => {
  const [en, vi] = (['en', 'vi'] as const).map((language) => refusal(title, SAMPLES[title], language));
  for (const error of [en, vi]) {
    expect(error).toMatchObject({ status: STATUS[title], title });
    expect(`${error?.message} ${error?.hint}`).not.toMatch(/undefined|\[object/);
    expect(error?.hint?.length).toBeGreaterThan(5);
  }
  expect(vi?.message).not.toBe(en?.message);
  expect(vi?.hint).not.toBe(en?.hint);
  const values = Object.values({ ...SAMPLES[title] } as Readonly<Record<string, unknown>>).filter(
    (value) => typeof value === 'string',
  );
  for (const value of values) expect(`${en?.message} ${vi?.message}`.split(String(value)).length).toBeGreaterThan(2);
});

let api: Api | undefined;
afterEach(() => api?.close());

const FAULTS: Readonly<Record<CallerFault, number>> = {
  'signed-out': 401,
  forbidden: 403,
  'not-found': 404,
  quota: 409,
  rate: 429,
  busy: 409,
  conflict: 409,
  invalid: 400,
  'storage-away': 503,
  'no-service': 503,
  away: 503,
  unknown: 504,
};

test.each(Object.entries(FAULTS) as [CallerFault, number][])(
  'a cloud that says %s answers %i',
  async (fault, status) => {
    api = labApi((it) =>
      it.get(
        '/v1/thing',
        { config: { rule: 'backup:read' }, schema: { response: { 200: z.object({}) } } },
        async ({ language }) =>
          inCallersName(language, () => {
            throw new CallerCloudError(fault, 'in its words', { retryAfterMs: fault === 'rate' ? 1_500 : null });
          }),
      ),
    );
    const answer = await api.inject({
      url: '/v1/thing',
      headers: { 'x-auth-token': 'member@p1', 'accept-language': 'vi' },
    });
    const { error } = answer.json();
    expect([answer.statusCode, error.title]).toEqual([status, OF_FAULTS[fault]]);
    expect(error.message).toContain('in its words');
    expect(error.message).toMatch(/[À-ỹ]/);
    expect(answer.headers['retry-after']).toBe(fault === 'rate' ? '2' : undefined);
  },
);

test('a fault of ours stays one', async () => {
  await expect(inCallersName('en', () => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
});
