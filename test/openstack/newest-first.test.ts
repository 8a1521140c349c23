import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenStackError } from '../../lib/openstack/index.ts';
import { readNewestFirst } from '../../lib/openstack/newest-first.ts';
import type { Page } from '../../lib/openstack/pages.ts';
import { failureOf } from './support.ts';

interface Row {
  readonly id: string;
  readonly updatedUtc: number;
}

interface Move {
  readonly kind: 'touch' | 'remove' | 'add' | 'none';
  readonly at: number;
  readonly laterMs: number;
}

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Trove's list of backups: newest change first, by offset, with a next link whenever the page is full. */
class Backups {
  rows: Row[];
  requests = 0;
  nowUtc = 1_000 * HOUR;
  readonly limit: number;
  #added = 0;

  constructor(size: number, limit: number) {
    // One an hour, the last an hour ago.
    this.rows = Array.from({ length: size }, (_, index) => ({
      id: `row-${index}`,
      updatedUtc: this.nowUtc - (index + 1) * HOUR,
    }));
    this.limit = limit;
  }

  add(): void {
    this.#added += 1;
    this.rows.unshift({ id: `added-${this.#added}`, updatedUtc: this.nowUtc });
  }

  touch(at: number): void {
    const [row] = this.rows.splice(at % Math.max(1, this.rows.length), 1);
    if (row !== undefined) this.rows.unshift({ ...row, updatedUtc: this.nowUtc });
  }

  remove(at: number, count = 1): void {
    this.rows.splice(at % Math.max(1, this.rows.length), count);
  }

  move({ kind, at, laterMs }: Move = { kind: 'none', at: 0, laterMs: 0 }): void {
    this.nowUtc += laterMs;
    if (kind === 'add') this.add();
    if (kind === 'touch') this.touch(at);
    if (kind === 'remove') this.remove(at);
  }

  readonly read = (marker: string | undefined): Promise<Page<Row>> => {
    this.requests += 1;
    const offset = Number(marker ?? 0);
    const items = this.rows.slice(offset, offset + this.limit);
    return Promise.resolve({ items, marker: items.length < this.limit ? undefined : String(offset + this.limit) });
  };

  /** Reads it while `during` happens before each request. */
  readWhile(during: (request: number) => void) {
    return readNewestFirst((marker) => {
      during(this.requests);
      return this.read(marker);
    });
  }
}

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);

/** Undefined where it says that it could not be read completely. */
async function itemsOf(reading: ReturnType<typeof readNewestFirst<Row>>): Promise<readonly Row[] | undefined> {
  try {
    return (await reading).items;
  } catch (error) {
    if (error instanceof OpenStackError && error.code === 'incomplete') return undefined;
    throw error;
  }
}

describe('a list, newest first', () => {
  it('has every row that was there all the time, and none twice, though it never rests', async () => {
    const move: fc.Arbitrary<Move> = fc.record({
      kind: fc.constantFrom('touch' as const, 'remove' as const, 'add' as const, 'none' as const),
      at: fc.nat(200),
      laterMs: fc.constantFrom(0, 5 * SECOND, 20 * SECOND),
    });
    const world = fc.record({
      size: fc.nat(120),
      limit: fc.integer({ min: 12, max: 25 }),
      moves: fc.array(move, { minLength: 1, maxLength: 60 }),
    });
    let read = 0;
    await fc.assert(
      fc.asyncProperty(world, async ({ size, limit, moves }) => {
        const list = new Backups(size, limit);
        const always = new Set(ids(list.rows));
        const ever = new Set(always);
        const reading = list.readWhile((request) => {
          list.move(moves[request % moves.length]);
          const now = new Set(ids(list.rows));
          for (const id of now) ever.add(id);
          for (const id of always) if (!now.has(id)) always.delete(id);
        });
        const items = await itemsOf(reading);
        if (items === undefined) return;
        read += 1;
        expect(new Set(ids(items)).size).toBe(items.length);
        expect(ids(items)).toEqual(expect.arrayContaining([...always]));
        expect([...ever]).toEqual(expect.arrayContaining(ids(items)));
      }),
      { numRuns: 500 },
    );
    // It may say that it cannot, but not as a habit.
    expect(read).toBeGreaterThan(400);
  });

  it('is one request where one page holds it', async () => {
    const list = new Backups(9, 10);
    expect(ids((await readNewestFirst(list.read)).items)).toEqual(ids(list.rows));
    expect(list.requests).toBe(1);
  });

  it('is empty where there is nothing', async () => {
    expect(await readNewestFirst(new Backups(0, 10).read)).toEqual({ complete: true, items: [] });
  });

  it('is read through and looked at once more where it rests', async () => {
    const list = new Backups(30, 20);
    expect(ids((await readNewestFirst(list.read)).items)).toEqual(ids(list.rows));
    expect(list.requests).toBe(3);
  });

  it('holds a page that is full to the last row', async () => {
    const list = new Backups(20, 20);
    expect(ids((await readNewestFirst(list.read)).items)).toEqual(ids(list.rows));
  });

  it('finds the row that went to the front before its page came, in its newest state', async () => {
    const list = new Backups(60, 20);
    const { items } = await list.readWhile((request) => {
      if (request === 2) list.touch(59);
    });
    expect(items).toHaveLength(60);
    expect(items[0]).toEqual({ id: 'row-59', updatedUtc: list.nowUtc });
  });

  it.each([1, 2, 3, 4])('follows a burst of changes over several pages, before request %i', async (when) => {
    const list = new Backups(60, 20);
    const { items } = await list.readWhile((request) => {
      for (let count = 0; request === when && count < 30; count += 1) {
        list.nowUtc += SECOND;
        list.touch(59);
      }
    });
    expect(items).toHaveLength(60);
  });

  it.each([1, 2, 3])('steps further back when many rows went away before request %i', async (when) => {
    const list = new Backups(80, 20);
    const { items } = await list.readWhile((request) => {
      if (request === when) list.remove(0, 12);
    });
    expect(ids(items)).toEqual(expect.arrayContaining(ids(list.rows)));
  });

  it.each([1, 2, 3])('is begun again when more than a page went away before request %i', async (when) => {
    const list = new Backups(120, 20);
    const { items } = await list.readWhile((request) => {
      if (request === when) list.remove(0, 40);
    });
    expect(ids(items)).toEqual(expect.arrayContaining(ids(list.rows)));
  });

  it('steps further back when many changed in the second of the last one, whose order is another each time', async () => {
    const list = new Backups(60, 20);
    const same = list.rows[10]?.updatedUtc ?? 0;
    const group = list.rows.slice(10, 25).map((row) => ({ ...row, updatedUtc: same }));
    const { items } = await list.readWhile((request) => {
      list.rows.splice(10, 15, ...(request % 2 === 0 ? group : group.toReversed()));
    });
    expect(items).toHaveLength(60);
  });

  it('is not given when more than a page changed in one second: their order is not known', async () => {
    const list = new Backups(60, 20);
    list.rows = list.rows.map((row) => ({ ...row, updatedUtc: 0 }));
    expect(await failureOf(readNewestFirst(list.read))).toMatchObject({ code: 'incomplete' });
  });

  it('is not given when it changes faster than it can be read', async () => {
    const list = new Backups(60, 20);
    const reading = list.readWhile(() => {
      list.nowUtc += SECOND;
      for (let count = 0; count < 15; count += 1) list.touch(59);
    });
    const error = await failureOf(reading);
    expect(error.message).toContain('changes faster');
  });

  it('is not waited for when its pages do not end', async () => {
    const page = { items: [0, 1, 2, 3].map((age) => ({ id: `row-${age}`, updatedUtc: -age })), marker: '4' };
    const error = await failureOf(readNewestFirst(() => Promise.resolve(page)));
    expect(error.message).toContain('do not end');
  });

  const rows = [3, 2, 1].map((updatedUtc) => ({ id: `row-${updatedUtc}`, updatedUtc }));
  it.each([
    ['in another order', [...rows].reverse(), '3'],
    ['with ids as markers', rows, '2e8668cc-0069-4229-87b7-8c3af5df47a6'],
  ])('is read until two reads agree where it comes %s', async (_, items, marker) => {
    let requests = 0;
    const last = { id: 'row-0', updatedUtc: 0 };
    const { items: all } = await readNewestFirst((asked) => {
      requests += 1;
      return Promise.resolve(asked === undefined ? { items, marker } : { items: [last], marker: undefined });
    });
    expect(ids(all).sort()).toEqual(['row-0', 'row-1', 'row-2', 'row-3']);
    expect(requests).toBe(5);
  });
});
