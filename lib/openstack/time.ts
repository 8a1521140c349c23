import { z } from 'zod';

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/** Epoch milliseconds of an ISO time. One without a zone is UTC: that is how Trove and Keystone write theirs. */
export function parseUtc(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const iso = text.replace(' ', 'T');
  const utc = Date.parse(match[2] === undefined ? `${iso}Z` : iso);
  return Number.isNaN(utc) ? undefined : utc;
}

export const utcSchema = z.string().transform((text, context) => {
  const utc = parseUtc(text);
  if (utc !== undefined) return utc;
  context.addIssue({ code: 'custom', message: 'Invalid input: expected an ISO time' });
  return z.NEVER;
});
