import { z } from 'zod';

/** A URL, and what one looks like. */
export const url = (protocol: RegExp, example: string) =>
  z.url({
    protocol,
    error: (issue) => (issue.code === 'invalid_format' ? `no URL to work with; write it as ${example}` : undefined),
  });

const bare = (value: string): boolean => {
  const parsed = URL.parse(value);
  return parsed === null || (parsed.username === '' && parsed.password === '');
};

/** An http(s) URL without userinfo. */
export const service = (sample: string) =>
  url(/^https?$/, sample).refine(bare, 'must not hold a user or a password; they have keys of their own');
