import type { DurationMs } from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';

export interface LumpsOptions {
  readonly clock: Clock;
  readonly atLeast: number;
  /** Rows wait no longer than until the first page after this time. */
  readonly longestMs: DurationMs;
}

/**
 * Hands small pages on together, since each commit waits for the disk; also those that came before a page that cannot be
 * read. Resolves to the number of rows.
 */
export async function inLumps<T>(
  pages: AsyncIterable<readonly T[]>,
  use: (lump: readonly T[]) => Promise<void>,
  { clock, atLeast, longestMs }: LumpsOptions,
): Promise<number> {
  let rows = 0;
  let lump: T[] = [];
  let sinceMs = clock.monotonicMs();
  const flush = async (): Promise<void> => {
    const full = lump;
    lump = [];
    rows += full.length;
    await use(full);
    sinceMs = clock.monotonicMs();
  };
  try {
    for await (const page of pages) {
      for (const row of page) lump.push(row);
      if (lump.length >= atLeast || clock.monotonicMs() - sinceMs >= longestMs) await flush();
    }
  } finally {
    await flush();
  }
  return rows;
}
