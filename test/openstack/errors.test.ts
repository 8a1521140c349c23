import { describe, expect, it } from 'vitest';
import { type Delivery, mayHaveHappened, OpenStackError } from '../../lib/openstack/index.ts';

const error = (delivery: Delivery, status?: number) => new OpenStackError('x', { code: 'server', delivery, status });

describe('a POST or DELETE may have happened', () => {
  const rows: readonly { readonly what: string; readonly error: unknown; readonly expected: boolean }[] = [
    { what: 'not when it was never sent', error: error('not-sent'), expected: false },
    { what: 'not when it needed a token that was refused', error: error('not-sent', 401), expected: false },
    { what: 'when nobody knows', error: error('unknown'), expected: true },
    { what: 'when the answer was cut, even one of 4xx', error: error('unknown', 422), expected: true },
    { what: 'not when it was refused', error: error('answered', 422), expected: false },
    { what: 'not when it is not supported', error: error('answered', 501), expected: false },
    { what: 'when the server failed', error: error('answered', 500), expected: true },
    { what: 'when a proxy gave up waiting', error: error('answered', 504), expected: true },
    { what: 'when it was accepted in words nobody understands', error: error('answered', 202), expected: true },
    { what: 'when the service sends it elsewhere', error: error('answered', 302), expected: true },
    { what: 'when the error is of another kind', error: new Error('x'), expected: true },
  ];
  it.each(rows)('$what', (row) => {
    expect(mayHaveHappened(row.error)).toBe(row.expected);
  });
});

describe('an error of a request that another one needed', () => {
  const cause = new Error('why');
  const original = new OpenStackError('what', {
    code: 'rate',
    delivery: 'answered',
    status: 429,
    requestId: 'req-1',
    sentRequestId: 'req-2',
    method: 'POST',
    url: 'http://k/v3/auth/tokens',
    retryAfterMs: 5,
    cause,
  });

  it('says that the other was not sent, and all else as before', () => {
    const seen = original.asNotSent();
    expect({ ...seen }).toEqual({ ...original, delivery: 'not-sent' });
    expect([seen.message, seen.cause]).toEqual(['what', cause]);
  });

  it('is itself where that is what it says', () => {
    const seen = original.asNotSent();
    expect(seen.asNotSent()).toBe(seen);
  });
});
