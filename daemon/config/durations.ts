import { z } from 'zod';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A longer one is a slip of the pen, and would leave the range of instants when added up. */
const LONGEST_MS = 3_660 * UNIT_MS.d;

/** `10s`, `15m`, `6h`, `7d` → milliseconds; null if it is no such text. */
export function parseDuration(text: string): number | null {
  const found = /^(\d{1,9})([smhd])$/.exec(text);
  if (!found) return null;
  const ms = Number(found[1]) * UNIT_MS[found[2] as keyof typeof UNIT_MS];
  return ms <= LONGEST_MS ? ms : null;
}

export const durationSchema = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no duration; write it as 10s, 15m, 6h or 7d (at most 3660d)`,
  });
  return z.NEVER;
});
