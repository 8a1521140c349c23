import { z } from 'zod';

/** `25%` or `0.25` → 0.25; null if it is no part of a whole. YAML has made a number of the second form, unless it is in quotes. */
function parseShare(value: unknown): number | null {
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value : null;
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,4})?)(%?)$/.exec(String(value)) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  return share <= 1 ? share : null;
}

export const shareSchema = z.union([z.string(), z.number()]).transform((value, context) => {
  const share = parseShare(value);
  if (share !== null) return share;
  context.addIssue({ code: 'custom', message: `"${value}" is no share; write it as 5%, or as 0.05` });
  return z.NEVER;
});
