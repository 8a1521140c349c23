import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Backup, explain, whyNotRestorable } from '../../lib/core/index.ts';

const backup = (id: string, over: Partial<Backup> = {}): Backup => ({
  id,
  projectId: 'project-a',
  instanceId: 'db-1',
  parentId: null,
  name: id,
  description: null,
  status: 'COMPLETED',
  createdUtc: 0,
  updatedUtc: 0,
  location: `http://swift.test/${id}`,
  datastore: null,
  ...over,
});

const ROWS: readonly {
  readonly says: string;
  readonly rows: readonly Backup[];
  readonly gone?: string;
  readonly rule?: string;
}[] = [
  { says: 'a full', rows: [backup('a')] },
  { says: 'one from another region', rows: [backup('a', { status: 'RESTORED', instanceId: null })] },
  { says: 'an incremental on a full', rows: [backup('a', { parentId: 'b' }), backup('b')] },
  { says: 'a snapshot, whatever its parent', rows: [backup('a', { parentId: 'gone', location: 'cinder://1' })] },
  { says: 'one that failed', rows: [backup('a', { status: 'FAILED' })], rule: 'not-whole' },
  {
    says: 'on one that failed',
    rows: [backup('a', { parentId: 'b' }), backup('b', { status: 'FAILED' })],
    rule: 'not-whole',
  },
  { says: 'one that is going', rows: [backup('a')], gone: 'a', rule: 'deletion-asked' },
  {
    says: 'on one that is going',
    rows: [backup('a', { parentId: 'b' }), backup('b')],
    gone: 'b',
    rule: 'deletion-asked',
  },
  { says: 'on one that is gone', rows: [backup('a', { parentId: 'b' })], rule: 'parent-missing' },
  {
    says: 'on one of another instance',
    rows: [backup('a', { parentId: 'b' }), backup('b', { instanceId: 'db-2' })],
    rule: 'parent-elsewhere',
  },
  {
    says: 'in a circle',
    rows: [backup('a', { parentId: 'b' }), backup('b', { parentId: 'a' })],
    rule: 'parent-missing',
  },
];

test.each(ROWS)('$says: $rule', ({ rows, gone, rule }) => {
  const [first = backup('a')] = rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const reason = whyNotRestorable(first, byId, new Set(gone === undefined ? [] : [gone]));
  expect(reason?.rule).toBe(rule);
  if (reason) expect(explain(reason)).toMatch(/backup [ab]/i);
});

test('a link that breaks breaks all that stands on it, and nothing below', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(19), (length, at) => {
      const rows = Array.from({ length }, (_, index) =>
        backup(`b${index}`, {
          parentId: index === 0 ? null : `b${index - 1}`,
          status: index === at ? 'FAILED' : 'COMPLETED',
        }),
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const [index, row] of rows.entries()) expect(whyNotRestorable(row, byId) === null).toBe(index < at);
    }),
  );
});
