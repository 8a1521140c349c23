import { OpenStackError } from './errors.ts';
import { type Page, type ReadPage, readComplete } from './pages.ts';
import type { CompleteList } from './types.ts';

interface Row {
  readonly id: string;
  readonly updatedUtc: number;
  /** Its time is that of a row beside it, which need not be the same in another page. */
  readonly isTimeless?: boolean;
}

const MOST_WALKS = 6;
const MOST_PAGES = 10_000;
const OVERLAP = 50;
/** The hosts that write `updated` do not share a clock. */
const SKEW_MS = 60_000;

/** The whole of such a list, or what is to be kept of it, each row in its last state, newest first. */
export async function readNewestFirst<T extends Row>(
  read: ReadPage<T>,
  keep: (row: T) => boolean = () => true,
): Promise<CompleteList<T>> {
  const rows = new Map<string, T>();
  for await (const some of eachNewestFirst(read)) for (const row of some.filter(keep)) rows.set(row.id, row);
  return { complete: true, items: [...rows.values()].sort((one, other) => other.updatedUtc - one.updatedUtc) };
}

/**
 * The rows of a list ordered by last change, newest first, with an offset as marker (Trove: trove/backup/models.py
 * _paginate), as they are found: one that changes meanwhile comes again. In a large region it never rests, so two reads of
 * it need not agree. A row is passed over in two ways only:
 * - rows above it went away, and it slipped past the seam of two pages: so each page begins with rows that are known;
 * - it changed, and went to the front: so the front is read again, back to what had not changed when the walk began,
 *   until that takes but one page, which is one query, or shows nothing new.
 * A row that is deleted meanwhile may still be in the list, as in any list that is not read in one moment.
 */
export async function* eachNewestFirst<T extends Row>(read: ReadPage<T>): AsyncGenerator<readonly T[], void> {
  const known: Known = new Map();
  let top = await read(undefined);
  // Another order or another marker than this Trove's: the slower way holds for any.
  if (top.marker !== undefined && !(inOrder(top) && isOffset(top.marker))) {
    yield (await readComplete(read)).items;
    return;
  }
  let backToUtc = Number.NEGATIVE_INFINITY;
  for (let walks = 0; walks < MOST_WALKS; walks += 1) {
    const walked = yield* walk(read, top, backToUtc, known);
    if (walked?.pages === 1 || walked?.news === 0) return;
    // A walk that lost its way is begun again, as far back as it was to go.
    if (walked !== undefined) backToUtc = newestUtc(top) - SKEW_MS;
    top = await read(undefined);
  }
  throw incomplete('it changes faster than it can be read, or too much of it changed in one second');
}

/** By id, the last change of it that was seen. */
type Known = Map<string, number>;

interface Walked {
  readonly pages: number;
  /** Rows that were not known, or not in this state. */
  readonly news: number;
}

async function* walk<T extends Row>(
  read: ReadPage<T>,
  top: Page<T>,
  backToUtc: number,
  known: Known,
): AsyncGenerator<readonly T[], Walked | undefined> {
  let page = top;
  let end = top.items.length;
  let news = 0;
  for (let pages = 1; ; pages += 1) {
    const fresh = newsOf(page, known);
    news += fresh.length;
    yield fresh;
    if (page.marker === undefined || oldestUtc(page) < backToUtc) return { pages, news };
    if (pages > MOST_PAGES) throw incomplete('its pages do not end');
    const next = await readOn(read, page, end, known);
    if (next === undefined) return undefined;
    end = next.end;
    page = next.page;
  }
}

/** What of the page was not known, or not in this state; it is from now on. */
function newsOf<T extends Row>({ items }: Page<T>, known: Known): readonly T[] {
  const news = items.filter((item) => known.get(item.id) !== item.updatedUtc);
  for (const { id, updatedUtc } of items) known.set(id, updatedUtc);
  return news;
}

/** The next page, and where it ends, from as far back as it takes to begin with what is known. */
async function readOn<T extends Row>(
  read: ReadPage<T>,
  page: Page<T>,
  end: number,
  known: Known,
): Promise<{ page: Page<T>; end: number } | undefined> {
  const most = page.items.length - 1;
  for (let back = Math.min(OVERLAP, Math.floor(page.items.length / 4)); ; back = Math.min(most, back * 4 + 1)) {
    const next = await read(String(end - back));
    if (joins(page, next, known)) return { page: next, end: end - back + next.items.length };
    if (back >= most) return undefined;
  }
}

/** Begins with a known row that is newer than the last of the page: of those that changed in one second the order is anyone's. */
function joins<T extends Row>(page: Page<T>, next: Page<T>, known: Known): boolean {
  const first = next.items.find(({ isTimeless }) => isTimeless !== true);
  if (first === undefined) return false;
  return first.updatedUtc > oldestUtc(page) && known.get(first.id) === first.updatedUtc;
}

function newestUtc<T extends Row>({ items }: Page<T>): number {
  return items[0]?.updatedUtc ?? Number.NEGATIVE_INFINITY;
}

function oldestUtc<T extends Row>({ items }: Page<T>): number {
  return items.at(-1)?.updatedUtc ?? Number.NEGATIVE_INFINITY;
}

function inOrder<T extends Row>({ items }: Page<T>): boolean {
  return items.every((item, index) => item.updatedUtc <= (items[index - 1]?.updatedUtc ?? item.updatedUtc));
}

function isOffset(marker: string): boolean {
  return /^\d{1,15}$/.test(marker);
}

function incomplete(why: string): OpenStackError {
  return new OpenStackError(`The list could not be read completely: ${why}; try again in a quieter moment`, {
    code: 'incomplete',
    delivery: 'answered',
  });
}
