import { expect, test } from 'vitest';
import { createTrustBook } from '../../daemon/cloud/trust-book.ts';
import { OpenStackError, type Trust } from '../../lib/openstack/index.ts';
import { FakeClock } from '../daemon/fake-clock.ts';

const clock = new FakeClock();
const soon = (ms: number): number => clock.nowUtc() + ms;

const trust = (id: string, fields: Partial<Trust> = {}): Trust => ({
  id,
  trustorUserId: 'member',
  trusteeUserId: 'autobackup',
  projectId: 'p1',
  impersonation: false,
  expiresUtc: null,
  remainingUses: null,
  deleted: false,
  ...fields,
});

const open = (lists: readonly (readonly Trust[] | Error)[]) => {
  const left = [...lists];
  let asked = 0;
  const book = createTrustBook({
    clock,
    list: async () => {
      asked++;
      const next = left.length > 1 ? left.shift() : left[0];
      if (next instanceof Error) throw next;
      return next ?? [];
    },
  });
  return { book, asked: () => asked };
};
const AWAY = new OpenStackError('Keystone is away', { code: 'server', delivery: 'answered' });

test.each<{ what: string; given: readonly Trust[]; best: readonly string[] }>([
  { what: 'of another project', given: [trust('a', { projectId: 'p2' }), trust('b', { projectId: null })], best: [] },
  { what: 'that has ended', given: [trust('a', { expiresUtc: soon(0) })], best: [] },
  { what: 'that ends within a minute', given: [trust('a', { expiresUtc: soon(60_000) })], best: [] },
  {
    what: 'that is deleted or used up',
    given: [trust('a', { deleted: true }), trust('b', { remainingUses: 0 })],
    best: [],
  },
  {
    what: 'but the one without an end before those with one, the latest first',
    given: [trust('a', { expiresUtc: soon(3_600_000) }), trust('b'), trust('c', { expiresUtc: soon(7_200_000) })],
    best: ['b', 'c', 'a'],
  },
  {
    what: 'but one whose uses are counted, and last',
    given: [trust('a', { remainingUses: 5 }), trust('b', { expiresUtc: soon(120_000) })],
    best: ['b', 'a'],
  },
  { what: 'and of equals always the same first', given: [trust('b'), trust('a')], best: ['a', 'b'] },
])('no trust opens a project $what', async ({ given, best }) => {
  expect(await open([given]).book.of('p1')).toEqual(best);
});

test('a project that lacks one is asked after at most twice a minute, however often it is wanted', async () => {
  const { book, asked } = open([[]]);
  for (let seconds = 0; seconds < 60; seconds++) {
    await book.of('p1');
    await clock.pass(1_000);
  }
  expect(asked()).toBe(2);
});

test('a trust that was made meanwhile is found, at the latest by the next look at the region', async () => {
  const { book } = open([[], [trust('a')]]);
  expect(await book.of('p1')).toEqual([]);
  expect(await book.of('p1')).toEqual([]);
  await book.refresh();
  expect(await book.of('p1')).toEqual(['a']);
});

test('a refused one is left out until the next list', async () => {
  const { book } = open([[trust('a'), trust('b')]]);
  await book.refresh();
  book.refused('a');
  expect(await book.of('p1')).toEqual(['b']);
  book.refused('b');
  expect(await book.of('p1')).toEqual([]);
  await book.refresh();
  expect(await book.of('p1')).toEqual(['a', 'b']);
});

test('an older list is better than none; before the first there is nothing to go by', async () => {
  const { book } = open([[trust('a')], AWAY]);
  await book.refresh();
  await book.refresh();
  expect(await book.of('p1')).toEqual(['a']);
  await expect(open([AWAY]).book.of('p1')).rejects.toBe(AWAY);
  const broken = new RangeError('ours');
  const { book: other } = open([[], broken]);
  await other.refresh();
  await expect(other.refresh()).rejects.toBe(broken);
});

test('those who want it at once share one list', async () => {
  const { book, asked } = open([[trust('a')]]);
  await Promise.all([book.of('p1'), book.refresh(), book.of('p2')]);
  expect(asked()).toBe(1);
});
