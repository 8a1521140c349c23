import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { linkSchema } from '../contract/common.ts';

type Link = z.output<typeof linkSchema>;

/** The query of what was asked for. */
export const queryOf = (url: string): string => url.split('?')[1] ?? '';

/** Where the page after a marker is, by the same query; relative to the list's own address, so that it holds behind any proxy. */
export function linksAfter(marker: string | null, search: string): Link[] {
  if (marker === null) return [];
  const query = new URLSearchParams(search);
  query.set('marker', marker);
  return [{ rel: 'next', href: `?${query}` }];
}

/** None after a page that is not full: nothing comes after it. */
export const nextLinks = (
  request: Pick<FastifyRequest, 'url'>,
  rows: readonly unknown[],
  limit: number,
  marker: string | undefined,
): Link[] => linksAfter(rows.length < limit ? null : (marker ?? null), queryOf(request.url));
