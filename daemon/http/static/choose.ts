import type { Encoding, PageFile } from './page.ts';

/** The best first. */
const PREFERRED = ['br', 'gzip'] as const satisfies readonly Encoding[];

/** What Accept-Encoding takes of what there is; a weight of nought is a refusal (RFC 9110, 12.5.3). */
export function chooseEncoding(header: string | undefined, { bodies }: PageFile): Encoding {
  const taken = new Set(
    (header ?? '')
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
      .map((part) => part.split(';')[0]?.trim()),
  );
  return PREFERRED.find((encoding) => taken.has(encoding) && bodies.has(encoding)) ?? 'identity';
}

/** Whether If-None-Match has it. A proxy that packs anew makes it a weak one, which does as well (RFC 9110, 13.1.2). */
export const hasTag = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
