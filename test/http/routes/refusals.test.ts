import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Api } from '../../../daemon/http/api/server.ts';
import { type Refusals, STATUS, type Title } from '../../../daemon/http/refusals/catalogue.ts';
import { inCallersName, OF_FAULTS, refusal } from '../../../daemon/http/refusals/index.ts';
import { OWN_TITLES, type OwnRefusals } from '../../../daemon/http/refusals/own.ts';
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

  unauthorized: { token: 'unknown' },
  'access-rules': {},
  'no-project': { scope: 'domain' },
  'keystone-unavailable': { asked: 'token', seconds: '5' },
  'keystone-full': { seconds: '5' },
  'sign-in-refused': {},
  'session-over': {},
  'token-over': {},
  'no-role': { project: 'shop', domain: 'Default' },
  'no-role-anywhere': {},
  'token-of-one-project': {},
  'no-session': {},
  'cross-origin': {},
  csrf: {},
  forbidden: { project: 'shop', rule: 'policy:change' },
  'forbidden-elsewhere': {},
  'forbidden-region': {},
  'forbidden-now': {},
  'too-many-requests': { project: 'shop', seconds: '7' },
  'too-many-at-once': { project: 'shop', seconds: '1' },
  'too-many-guesses': { seconds: '7' },
  'too-many-sign-ins': { seconds: '7' },
  'too-many-switches': { seconds: '7' },
  'too-many-streams': { most: 5, seconds: '30' },
  'not-found': { what: 'run', id: 'run-7' },
  'changed-meanwhile': { what: 'policy' },
  'if-match-missing': { what: 'policy' },
  'too-many-runs': { most: 100_000 },
  'no-schedule': { because: because('replica', { master: 'db-0' }) },
  'schedule-out-of-bounds': { because: because('override-zone-alone', {}) },
  'policy-out-of-bounds': { because: because('override-zone-alone', {}), over: 'orders' },
  'read-only': { policy: 'nightly' },
  'name-taken': {},
  'too-many-policies': {},
  'shut-out': { because: because('no-role', { project: 'p1' }) },
  'cloud-unavailable': { because: because('unreachable', { detail: 'refused' }) },
  internal: {},
};
/** What chooses a sentence, and stands in none. */
const CHOSEN_BY = new Set(['token', 'scope', 'asked', 'what']);
const titles = Object.keys(SAMPLES) as readonly Title[];

test.each(titles)('%s says what is wrong and what to do, in both languages', (title) => {
  const error = refusal(title, SAMPLES[title]);
  expect(error).toMatchObject({ status: STATUS[title], title: OWN_TITLES[title as keyof OwnRefusals] ?? title });
  const [en, vi] = [error.said('en'), error.said('vi')];
  expect([en.words, en.language, vi.language]).toEqual([[error.message, error.hint], 'en', 'vi']);
  for (const [message, hint] of [en.words, vi.words]) {
    expect(`${message} ${hint}`).not.toMatch(/undefined|\[object/);
    expect(hint?.length).toBeGreaterThan(5);
  }
  expect(`${vi.words[0]} ${vi.words[1]}`).toMatch(/[À-ỹ]/);
  expect(vi.words[0]).not.toBe(en.words[0]);
  expect(vi.words[1]).not.toBe(en.words[1]);
  const facts = Object.entries({ ...SAMPLES[title] } as Readonly<Record<string, unknown>>)
    .filter(([name, value]) => typeof value === 'string' && !CHOSEN_BY.has(name))
    .map(([, value]) => String(value));
  for (const fact of facts) for (const { words } of [en, vi]) expect(words.join(' ')).toContain(fact);
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
      it.get('/v1/thing', { config: { rule: 'backup:read' }, schema: { response: { 200: z.object({}) } } }, async () =>
        inCallersName<Record<string, never>>(() => {
          throw new CallerCloudError(fault, 'in its words', { retryAfterMs: fault === 'rate' ? 1_500 : null });
        }),
      ),
    );
    const answer = await api.inject({
      url: '/v1/thing',
      headers: { 'x-auth-token': 'member@p1', 'accept-language': 'vi' },
    });
    const { error } = answer.json();
    expect([answer.statusCode, error.title, answer.headers['content-language']]).toEqual([
      status,
      OF_FAULTS[fault],
      'vi',
    ]);
    expect(error.message).toContain('in its words');
    expect(error.message).toMatch(/[À-ỹ]/);
    expect(answer.headers['retry-after']).toBe(fault === 'rate' ? '2' : undefined);
  },
);

test('a fault of ours stays one', async () => {
  await expect(inCallersName(() => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
});
