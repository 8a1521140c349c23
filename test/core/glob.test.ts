import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches } from '../../lib/core/glob.ts';

test.each([
  { says: 'a plain pattern is the whole name', pattern: 'orders', name: 'orders', expected: true },
  { says: 'a plain pattern is no prefix', pattern: 'orders', name: 'orders-2', expected: false },
  { says: 'a plain pattern is no suffix', pattern: 'orders', name: 'my-orders', expected: false },
  { says: 'a star takes any text', pattern: 'prod-*', name: 'prod-orders-eu', expected: true },
  { says: 'a star takes no text', pattern: 'prod-*', name: 'prod-', expected: true },
  { says: 'a star stands in the middle', pattern: 'a*z', name: 'a--z', expected: true },
  { says: 'a star takes a line break', pattern: 'a*z', name: 'a\nz', expected: true },
  { says: 'several stars share the text', pattern: '*-prod-*', name: 'eu-prod-orders', expected: true },
  { says: 'a question mark takes one character', pattern: 'db?', name: 'db7', expected: true },
  { says: 'a question mark takes no less', pattern: 'db?', name: 'db', expected: false },
  { says: 'a question mark takes no more', pattern: 'db?', name: 'db77', expected: false },
  { says: 'a question mark takes a character beyond the basic plane', pattern: 'db?', name: 'db🐬', expected: true },
  { says: 'case counts', pattern: 'Prod', name: 'prod', expected: false },
  { says: 'a dot is a dot', pattern: 'a.b', name: 'axb', expected: false },
  { says: 'a plus is a plus', pattern: 'a+', name: 'aa', expected: false },
  { says: 'brackets are brackets', pattern: '[ab]', name: '[ab]', expected: true },
  { says: 'a bar is no choice', pattern: 'a|b', name: 'a', expected: false },
  { says: 'a backslash is a backslash', pattern: 'a\\d', name: 'a1', expected: false },
  { says: 'all of the signs stand for themselves', pattern: '^$.+()[]{}|\\', name: '^$.+()[]{}|\\', expected: true },
  { says: 'an empty pattern matches the empty name alone', pattern: '', name: 'a', expected: false },
])('$says', ({ pattern, name, expected }) => {
  expect(matches(pattern, name)).toBe(expected);
});

test('a name that a tenant made to be hard is judged at once', () => {
  const startedMs = performance.now();
  expect(matches('*a*a*a*tmp', 'a'.repeat(255))).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(50);
});

test('a pattern means what the regular expression of it means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
  fc.assert(
    fc.property(patterns, letters, (pattern, name) => {
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
      expect(matches(pattern, name)).toBe(new RegExp(`^${source}$`).test(name));
    }),
    { numRuns: 2000 },
  );
});
