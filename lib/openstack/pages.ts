import { z } from 'zod';
import { OpenStackError } from './errors.ts';
import type { CompleteList } from './types.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins: an id, or an offset. */
  readonly marker: string | undefined;
}

export type ReadPage<T> = (marker: string | undefined) => Promise<Page<T>>;

interface Row {
  readonly id: string;
}

const MOST_PAGES = 10_000;
const MOST_READS = 6;
const OVERLAP = 50;

/** Trove: trove/common/pagination.py. The address of the link is not used: it says https where the API speaks http. */
export const linksSchema = z.array(z.object({ rel: z.string(), href: z.string() })).optional();

export function nextMarker(links: z.infer<typeof linksSchema>): string | undefined {
  const next = links?.find(({ rel }) => rel === 'next')?.href;
  if (next === undefined || !URL.canParse(next, 'http://any')) return undefined;
  return new URL(next, 'http://any').searchParams.get('marker') ?? undefined;
}

/** Each page once, in order. */
export async function* eachPage<T>(read: ReadPage<T>): AsyncGenerator<readonly T[], void> {
  const seen = new Set<string>();
  let marker: string | undefined;
  do {
    const page = await read(marker);
    yield page.items;
    marker = page.marker === undefined ? undefined : stepBack(page.marker, page.items.length);
    if (marker !== undefined && (seen.has(marker) || seen.size >= MOST_PAGES)) throw endless(marker);
    if (marker !== undefined) seen.add(marker);
  } while (marker !== undefined);
}

/**
 * The whole of a list whose rows may move between its pages in a way that is not known. One page is one query and
 * complete by itself. Several are read with overlap, again and again until two reads hold the same rows. A list of more
 * than `atMost` rows is not read to its end.
 */
export async function readComplete<T extends Row>(
  read: ReadPage<T>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<CompleteList<T>> {
  let before: ReadonlyMap<string, T> | undefined;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const { rows, pages } = await readAll(read, atMost);
    const complete = pages === 1 || (before !== undefined && sameIds(before, rows));
    if (complete) return { complete, items: [...rows.values()] };
    before = rows;
  }
  throw new OpenStackError(`The list changed between each of ${MOST_READS} reads; try again in a quieter moment`, {
    code: 'incomplete',
    delivery: 'answered',
  });
}

async function readAll<T extends Row>(
  read: ReadPage<T>,
  atMost: number,
): Promise<{ rows: Map<string, T>; pages: number }> {
  const rows = new Map<string, T>();
  let pages = 0;
  for await (const items of eachPage(read)) {
    // An empty page at the end is how Trove says that the page before was the last.
    if (items.length > 0 || pages === 0) pages += 1;
    for (const item of items) rows.set(item.id, item);
    if (rows.size > atMost) throw tooLarge(atMost);
  }
  return { rows, pages };
}

function sameIds(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  return one.size === other.size && [...one.keys()].every((id) => other.has(id));
}

/** An offset is moved back a little, so that rows deleted meanwhile pull none past the seam. */
function stepBack(marker: string, pageLength: number): string {
  if (!/^\d{1,15}$/.test(marker)) return marker;
  return String(Number(marker) - Math.min(OVERLAP, Math.floor(pageLength / 4)));
}

function tooLarge(atMost: number): OpenStackError {
  const text = `The list has more than ${atMost} rows; narrow it to a project, or raise atMost`;
  return new OpenStackError(text, { code: 'too-large', delivery: 'answered' });
}

function endless(marker: string): OpenStackError {
  return new OpenStackError(
    `The pages of the list do not end (marker ${marker} again); report it with the version of Trove`,
    {
      code: 'incomplete',
      delivery: 'answered',
    },
  );
}
