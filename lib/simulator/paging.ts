import type { Links } from './views.ts';
import type { Json } from './wire.ts';
import { internalError } from './wire.ts';

/** Trove's instances_page_size and backups_page_size. */
const PAGE = 20;

export interface Page<T> {
  readonly rows: readonly T[];
  /** Where the next page starts, or null when this was the last. */
  readonly marker: string | null;
}

/** Pages by id: never more than 20, whatever `limit` says. Trove: trove/db/__init__.py, paginated_collection */
export function pageById<T extends { readonly id: string }>(
  rows: Iterable<T>,
  query: URLSearchParams,
  errorId: () => string,
): Page<T> {
  const limit = Math.min(PAGE, whole(query.get('limit'), PAGE, 1, errorId));
  const found: T[] = [];
  for (const row of rows) {
    if (found.length === limit) return { rows: found, marker: found.at(-1)?.id ?? null };
    found.push(row);
  }
  return { rows: found, marker: null };
}

/**
 * Pages by offset: `limit` is not capped, and a full page always promises another one, which may be empty.
 * Trove: trove/backup/models.py, Backup._paginate
 */
export function pageByOffset<T>(rows: readonly T[], query: URLSearchParams, errorId: () => string): Page<T> {
  const limit = whole(query.get('limit'), PAGE, 0, errorId);
  const offset = whole(query.get('marker'), 0, 0, errorId);
  const page = rows.slice(offset, offset + limit);
  return { rows: page, marker: page.length < limit ? null : String(offset + limit) };
}

/** Trove reads the numbers without a check, and answers 500 for what is none. */
function whole(text: string | null, preset: number, least: number, errorId: () => string): number {
  if (text === null || text === '') return preset;
  const value = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) throw internalError(errorId());
  return value;
}

/** A list with the link to its next page. Trove: trove/common/pagination.py, SimplePaginatedDataView */
export function listBody(name: string, rows: readonly Json[], marker: string | null, url: URL, { host }: Links): Json {
  if (marker === null) return { [name]: rows };
  const query = new URLSearchParams([...url.searchParams].filter(([, value]) => value !== ''));
  query.set('marker', marker);
  return { [name]: rows, links: [{ rel: 'next', href: `https://${host}${url.pathname}?${query}` }] };
}
