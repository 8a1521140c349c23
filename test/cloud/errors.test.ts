import { describe, expect, test } from 'vitest';
import { deleteOutcomeOf, outcomeOf, unavailable } from '../../daemon/cloud/errors.ts';
import { CloudUnavailable } from '../../daemon/ports/cloud.ts';
import { explain } from '../../lib/core/index.ts';
import { type Delivery, type ErrorCode, OpenStackError } from '../../lib/openstack/index.ts';

const PROJECT = 'e8f4f57e1a794d6ca2e3c4eb3ce9596e';
const failure = (
  code: ErrorCode,
  details: Partial<ConstructorParameters<typeof OpenStackError>[1]> = {},
): OpenStackError => new OpenStackError(`it said ${code}`, { code, delivery: 'answered', ...details });

interface Row {
  readonly status?: number;
  readonly delivery?: Delivery;
  /** The reason a failed read gives. */
  readonly rule: string;
  /** What a failed request for a backup leaves. */
  readonly outcome: 'unknown' | 'later' | 'never';
}

/** Every code there is; the compiler finds a missing one. */
const CODES: Readonly<Record<ErrorCode, Row>> = {
  busy: { status: 422, rule: 'busy', outcome: 'later' },
  quota: { status: 413, rule: 'quota-refused', outcome: 'later' },
  rate: { status: 413, rule: 'rate-limited', outcome: 'later' },
  'swift-unavailable': { status: 401, rule: 'storage-away', outcome: 'later' },
  unauthorized: { status: 401, rule: 'unauthorized', outcome: 'later' },
  'no-role': { delivery: 'not-sent', rule: 'no-role', outcome: 'later' },
  'no-trust': { delivery: 'not-sent', rule: 'refused', outcome: 'later' },
  forbidden: { status: 403, rule: 'refused', outcome: 'later' },
  'not-found': { status: 404, rule: 'not-found', outcome: 'later' },
  'bad-request': { status: 400, rule: 'refused', outcome: 'never' },
  conflict: { status: 409, rule: 'refused', outcome: 'later' },
  server: { status: 500, rule: 'unreachable', outcome: 'unknown' },
  timeout: { delivery: 'unknown', rule: 'unreachable', outcome: 'unknown' },
  connection: { delivery: 'unknown', rule: 'unreachable', outcome: 'unknown' },
  aborted: { delivery: 'unknown', rule: 'unreachable', outcome: 'unknown' },
  malformed: { status: 202, rule: 'unreachable', outcome: 'unknown' },
  'too-large': { status: 202, rule: 'unreachable', outcome: 'unknown' },
  incomplete: { rule: 'unreachable', outcome: 'unknown' },
  'no-endpoint': { delivery: 'not-sent', rule: 'unreachable', outcome: 'later' },
};
const rows = Object.entries(CODES).map(([code, row]) => ({ code: code as ErrorCode, ...row }));
const ofRow = ({ code, status, delivery = 'answered' }: (typeof rows)[number]) => failure(code, { status, delivery });

describe('an error of OpenStack', () => {
  test.each(rows)('$code as a failed read is "$rule", never "absent", and has its sentence', (row) => {
    const cause = ofRow(row);
    const error = unavailable(cause, PROJECT);
    expect(error).toBeInstanceOf(CloudUnavailable);
    expect([error.reason.rule, error.message, error.cause]).toEqual([row.rule, cause.message, cause]);
    expect(explain(error.reason)).toMatch(/\.$|it said/);
  });

  test.each(rows)('$code after a request for a backup means $outcome', (row) => {
    const outcome = outcomeOf(ofRow(row), PROJECT);
    expect(outcome.kind).toBe(row.outcome);
    const rule = row.outcome === 'unknown' ? 'answer-lost' : row.rule;
    expect(outcome).toMatchObject({ because: { rule } });
  });
});

test.each(rows)('$code after a DELETE means the same, or a refusal', (row) => {
  const outcome = deleteOutcomeOf(ofRow(row), PROJECT, 'backup-1');
  const rule = row.outcome === 'unknown' ? 'answer-lost' : row.rule;
  expect(outcome).toMatchObject({ kind: row.outcome === 'unknown' ? 'unknown' : 'refused', because: { rule } });
});

test('only a 404 that names the very backup says after a DELETE that there is none', () => {
  const missing = (resourceId?: string) => failure('not-found', { status: 404, resourceId });
  expect(deleteOutcomeOf(missing('backup-1'), PROJECT, 'backup-1')).toEqual({ kind: 'absent' });
  expect(deleteOutcomeOf(missing('backup-2'), PROJECT, 'backup-1').kind).toBe('refused');
  expect(deleteOutcomeOf(missing(), PROJECT, 'backup-1').kind).toBe('refused');
});

const FINER: readonly { readonly what: string; readonly error: unknown; readonly outcome: object }[] = [
  {
    what: 'a refused connection surely made nothing',
    error: failure('connection', { delivery: 'not-sent' }),
    outcome: { kind: 'later', because: { rule: 'unreachable' } },
  },
  {
    what: 'a Swift that fails with a 500 may have left a row',
    error: failure('swift-unavailable', { status: 500 }),
    outcome: { kind: 'unknown' },
  },
  {
    what: 'a 501 of a cluster will be no other the next time',
    error: failure('bad-request', { status: 501 }),
    outcome: { kind: 'never', because: { rule: 'refused' } },
  },
  {
    what: 'a rate limit tells when',
    error: failure('rate', { status: 413, retryAfterMs: 42_000 }),
    outcome: {
      kind: 'later',
      because: { rule: 'rate-limited', params: { retryAfterMs: 42_000 } },
      retryAfterMs: 42_000,
    },
  },
  {
    what: 'a rate limit that does not tell when leaves the wait to the schedule',
    error: failure('rate', { status: 429 }),
    outcome: { kind: 'later', because: { rule: 'rate-limited' }, retryAfterMs: null },
  },
  {
    what: 'a role that is missing names the project',
    error: failure('no-role', { delivery: 'not-sent' }),
    outcome: { kind: 'later', because: { rule: 'no-role', params: { project: PROJECT } } },
  },
  {
    what: 'an error that is not of OpenStack proves nothing',
    error: new RangeError('a fault of ours'),
    outcome: { kind: 'unknown', because: { rule: 'answer-lost', params: { detail: 'a fault of ours' } } },
  },
  { what: 'even what is no error proves nothing', error: 'thrown text', outcome: { kind: 'unknown' } },
];

test.each(FINER)('$what', ({ error, outcome }) => {
  expect(outcomeOf(error, PROJECT)).toMatchObject(outcome);
});

test("a read that fails with a fault of ours is that fault, not the cloud's", () => {
  const fault = new RangeError('a fault of ours');
  expect(() => unavailable(fault, PROJECT)).toThrow(fault);
});

test('a read that was rate-limited hands on how long to wait', () => {
  expect(unavailable(failure('rate', { retryAfterMs: 7_000 }), PROJECT).retryAfterMs).toBe(7_000);
  expect(unavailable(failure('server'), PROJECT).retryAfterMs).toBeNull();
});
