import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachPage, nextMarker, type Page, readComplete } from '../../lib/openstack/pages.ts';
import { failureOf } from './support.ts';

interface Row {
  readonly id: string;
}

type Change = { readonly kind: 'touch' | 'remove'; readonly at: number } | { readonly kind: 'add' };

/** Trove's list of backups: newest change first, by offset, with a next link whenever the page is full. */
class MovingList {
  rows: Row[];
  readonly limit: number;
  #added = 0;

  constructor(size: number, limit: number) {
    this.rows = Array.from({ length: size }, (_, index) => ({ id: `row-${index}` }));
    this.limit = limit;
  }

  change(change: Change): void {
    if (change.kind === 'add') {
      this.#added += 1;
      this.rows.unshift({ id: `added-${this.#added}` });
      return;
    }
    const [row] = this.rows.splice(change.at % Math.max(1, this.rows.length), 1);
    if (change.kind === 'touch' && row !== undefined) this.rows.unshift(row);
  }

  page(marker: string | undefined): Page<Row> {
    const offset = Number(marker ?? 0);
    const items = this.rows.slice(offset, offset + this.limit);
    return { items, marker: items.length < this.limit ? undefined : String(offset + this.limit) };
  }
}

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id).sort();

describe('a complete list', () => {
  it('has every row that was there all the time, and none twice, however the rows move', async () => {
    const change = fc.option(
      fc.oneof(
        fc.record({ kind: fc.constantFrom('touch' as const, 'remove' as const), at: fc.nat(80) }),
        fc.record({ kind: fc.constant('add' as const) }),
      ),
    );
    // The list moves while some of the pages are read, and then comes to rest.
    const world = fc.record({
      size: fc.nat(80),
      limit: fc.integer({ min: 10, max: 20 }),
      moves: fc.array(change, { maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ size, limit, moves }) => {
        const list = new MovingList(size, limit);
        const always = new Set(ids(list.rows));
        const ever = new Set(always);
        let read = 0;
        const { complete, items } = await readComplete((marker) => {
          const move = moves[read];
          read += 1;
          if (move) list.change(move);
          const now = new Set(ids(list.rows));
          for (const id of now) ever.add(id);
          for (const id of always) if (!now.has(id)) always.delete(id);
          return Promise.resolve(list.page(marker));
        });
        expect(complete).toBe(true);
        expect(new Set(ids(items)).size).toBe(items.length);
        expect(ids(items)).toEqual(expect.arrayContaining([...always]));
        expect([...ever]).toEqual(expect.arrayContaining(ids(items)));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the row that moved to the front while the pages were read', async () => {
    const list = new MovingList(10, 4);
    let reads = 0;
    const { items } = await readComplete((marker) => {
      reads += 1;
      if (reads === 2) list.change({ kind: 'touch', at: 9 });
      return Promise.resolve(list.page(marker));
    });
    expect(ids(items)).toContain('row-9');
    expect(items).toHaveLength(10);
  });

  it('is read once where one page holds it', async () => {
    let reads = 0;
    const { items } = await readComplete(() => Promise.resolve({ items: [{ id: `${++reads}` }], marker: undefined }));
    expect(items).toEqual([{ id: '1' }]);
  });

  it('is read once where the second page is empty: that is how Trove ends a full one', async () => {
    let reads = 0;
    const list = new MovingList(4, 4);
    const { items } = await readComplete((marker) => {
      reads += 1;
      return Promise.resolve(marker === undefined ? list.page(marker) : { items: [], marker: undefined });
    });
    expect([items.length, reads]).toEqual([4, 2]);
  });

  it('is empty where there is nothing', async () => {
    expect(await readComplete(() => Promise.resolve({ items: [], marker: undefined }))).toEqual({
      complete: true,
      items: [],
    });
  });

  it('has the newest state of a row that it met more than once', async () => {
    let count = 0;
    const { items } = await readComplete((marker) => {
      count += 1;
      return Promise.resolve({ items: [{ id: 'a', met: count }], marker: marker === undefined ? '1' : undefined });
    });
    // Two reads of two pages.
    expect(items).toEqual([{ id: 'a', met: 4 }]);
  });

  it('is not given when each read has other rows', async () => {
    let count = 0;
    const error = await failureOf(
      readComplete((marker) => {
        count += 1;
        return Promise.resolve({ items: [{ id: `r${count}` }], marker: marker === undefined ? 'next' : undefined });
      }),
    );
    expect(error).toMatchObject({ code: 'incomplete' });
    // Six reads of two pages.
    expect(count).toBe(12);
  });

  it('is not waited for when its pages do not end', async () => {
    const error = await failureOf(readComplete(() => Promise.resolve({ items: [{ id: 'a' }], marker: 'a' })));
    expect(error).toMatchObject({ code: 'incomplete' });
    expect(error.message).toContain('marker a again');
  });

  it('is not waited for when there is always one more page', async () => {
    let count = 0;
    const error = await failureOf(readComplete(() => Promise.resolve({ items: [], marker: `m${++count}` })));
    expect(error).toMatchObject({ code: 'incomplete' });
  });
});

describe('the markers that are asked for', () => {
  async function markers(sizes: readonly number[], given: readonly string[]): Promise<(string | undefined)[]> {
    const asked: (string | undefined)[] = [];
    const read = (marker: string | undefined) => {
      const index = asked.push(marker) - 1;
      const items = Array.from({ length: sizes[index] ?? 0 }, (_, row) => ({ id: `${index}.${row}` }));
      return Promise.resolve({ items, marker: given[index] });
    };
    for await (const items of eachPage(read)) expect(items).toBeDefined();
    return asked;
  }

  it('are ids as they are given', async () => {
    expect(await markers([20, 20, 3], ['2e8668cc', 'f00'])).toEqual([undefined, '2e8668cc', 'f00']);
  });

  it('are offsets, fifty rows back', async () => {
    expect(await markers([1000, 1000, 3], ['1000', '1950'])).toEqual([undefined, '950', '1900']);
  });

  it('are offsets a quarter of a small page back, so that they go on', async () => {
    expect(await markers([20, 20, 3], ['20', '35'])).toEqual([undefined, '15', '30']);
  });
});

describe('the next marker', () => {
  const rows: readonly {
    what: string;
    links: { rel: string; href: string }[] | undefined;
    expected: string | undefined;
  }[] = [
    { what: 'is none without links', links: undefined, expected: undefined },
    { what: 'is none in other links', links: [{ rel: 'self', href: 'https://x/?marker=1' }], expected: undefined },
    {
      what: 'is taken from a link to anywhere',
      links: [{ rel: 'next', href: 'https://evil.test/x?limit=1&marker=7' }],
      expected: '7',
    },
    { what: 'is taken from a path', links: [{ rel: 'next', href: '/v1.0/p/backups?marker=7' }], expected: '7' },
    { what: 'is none in a link without one', links: [{ rel: 'next', href: 'https://x/' }], expected: undefined },
    { what: 'is none in what is no link', links: [{ rel: 'next', href: 'http://[' }], expected: undefined },
  ];
  it.each(rows)('$what', ({ links, expected }) => {
    expect(nextMarker(links)).toBe(expected);
  });
});
