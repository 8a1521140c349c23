import { describe, expect, test } from 'vitest';
import { unlike, unlikeAnswer } from './answers.ts';

const real = {
  at: '2026-11-30T06:31:00.000Z',
  state: 'completed',
  text: 'Kept, because it is the newest.',
  count: 3,
  parent: null,
  rows: [{ kind: 'full' }, { kind: 'incremental', of: 'x' }],
};

test('what is shown may be less than what there is, with other instants, numbers and ids', () => {
  const shown = {
    ...{ at: '2027-01-01T00:00:00Z', state: 'completed', text: 'Kept, …', count: 9, parent: null },
    rows: [{ kind: 'incremental', of: '…' }],
  };
  expect(unlike(shown, real)).toEqual([]);
  expect(unlike({ rows: [] }, real)).toEqual([]);
});

test.each([
  ['a field that is not there', { id: '…' }, 'the body.id is shown, and is not there'],
  ['another type', { count: '3' }, 'the body.count is shown as a string, and is 3'],
  ['null for a value', { state: null }, 'the body.state is shown as null, and is "completed"'],
  ['a value for null', { parent: 'x' }, 'the body.parent is shown as a string, and is null'],
  ['any string for an instant', { at: 'today' }, 'the body.at is shown as a string, and is "2026-11-30T06:31:00.000Z"'],
  ['another word', { state: 'failed' }, 'the body.state is shown as "failed", and is "completed"'],
  [
    'another beginning',
    { text: 'Gone …' },
    'the body.text is shown as "Gone …", and is "Kept, because it is the newest."',
  ],
  [
    'a row like none',
    { rows: [{ kind: 'differential' }] },
    'the body.rows[0].kind is shown as "differential", and is "full"',
  ],
  ['a record for a list', { rows: {} }, `the body.rows is shown as object, and is ${JSON.stringify(real.rows)}`],
])('%s is a fault', (_, shown, fault) => {
  expect(unlike(shown, real)).toEqual([fault]);
});

test('a row that is shown of an empty list is a fault', () => {
  expect(unlike({ rows: [{}] }, { rows: [] })).toEqual(['the body.rows[0] is shown, and the list is empty']);
});

describe('an answer', () => {
  const printed = 'HTTP/1.1 202 Accepted\r\nlocation: /v1/runs/17\r\n\r\n{"run":{"id":"17"}}';
  const shown = 'HTTP/1.1 202 Accepted\nLocation: /v1/runs/…\n\n{ "run": { "id": "…" } }';
  test('is held to status, headers and body', () => {
    expect(unlikeAnswer(shown, 202, printed)).toEqual([]);
  });
  test('of no JSON is held to its lines', () => {
    expect(unlikeAnswer('HTTP/1.1 200 OK\n\nid,…', 200, 'id,name\r\n1,a\r\n')).toEqual([]);
    expect(unlikeAnswer('HTTP/1.1 200 OK\n\nname,…', 200, 'id,name\r\n')).toEqual([
      'no line of the answer is like "name,…"',
    ]);
  });
  test.each([
    ['without a status', '{ "run": {} }', 202, 'an answer must begin with its status'],
    ['of another status', shown, 200, 'the status is shown as 202, and is 200'],
    [
      'with a header that is not there',
      `HTTP/1.1 202 Accepted\nETag: "…"`,
      202,
      'no header of the answer is like "ETag: "…""',
    ],
    [
      'with a body that is not there',
      'HTTP/1.1 202 Accepted\n\n{ "run": { "name": "…" } }',
      202,
      'the body.run.name is shown',
    ],
    ['that is no JSON', 'HTTP/1.1 202 Accepted\n\n{ run }', 202, 'SyntaxError'],
  ])('%s is a fault', (_, text, status, fault) => {
    expect(unlikeAnswer(text, status, printed)).toEqual([expect.stringContaining(fault)]);
  });
});
