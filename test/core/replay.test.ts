import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { revive } from '../../lib/core/canonical.ts';
import { canonical, type DecisionsDocument, replay, type Step } from '../../lib/core/index.ts';
import { decideAnew } from '../../lib/core/record.ts';

/** A day of an hourly instance in a simulated region, as its service exported it: `UPDATE_DECISIONS=1` writes it anew. */
const FILE = new URL('../fixtures/decisions/hourly-day.json', import.meta.url);
const day = JSON.parse(readFileSync(FILE, 'utf8')) as DecisionsDocument;
const [first] = day.decisions;

test('a stored day is decided as it was', () => {
  expect(day.decisions.length).toBeGreaterThan(20);
  expect(new Set(day.decisions.map(({ kind }) => kind))).toEqual(new Set(['plan', 'prune']));
  expect(replay(day)).toEqual({ decisions: day.decisions.length, differences: [] });
});

describe('a core that decides otherwise is seen', () => {
  test('with what was decided, and what is now', () => {
    const builtUpon = day.decisions.filter(({ outcome }) => (outcome as Step).kind === 'incremental');
    const fullsOnly: typeof decideAnew = (kind, input) => {
      const outcome = decideAnew(kind, input) as Step;
      return outcome.kind === 'incremental' ? { kind: 'full', because: { rule: 'no-chain', params: {} } } : outcome;
    };
    const { differences } = replay(day, fullsOnly);
    expect(differences).toHaveLength(builtUpon.length);
    expect(differences[0]).toMatchObject({ stored: { kind: 'incremental' }, now: { because: { rule: 'no-chain' } } });
  });

  test('where a reason alone is another', () => {
    const { differences } = replay(day, (kind, input) => ({ ...(decideAnew(kind, input) as object), because: null }));
    expect(differences).toHaveLength(day.decisions.length);
  });

  test('where it keeps one backup more', () => {
    const keepsAll: typeof decideAnew = (kind, input) =>
      decideAnew(kind, kind === 'prune' ? { ...(input as object), retention: null } : input);
    const pruned = day.decisions.filter(({ kind }) => kind === 'prune');
    expect(replay(day, keepsAll).differences).toHaveLength(pruned.length);
  });

  test('and where it falls', () => {
    const falls = (): never => {
      throw new Error('no such zone');
    };
    expect(replay(day, falls).differences[0]?.now).toEqual({ fault: 'Error: no such zone' });
  });
});

describe('what is no such document is refused', () => {
  test.each([
    ['another format', { ...day, format: 'other' }, /is no "trove-autobackup\/decisions\/1"/],
    ['nothing', null, /is no "trove/],
    ['an unknown kind', { ...day, decisions: [{ ...first, kind: 'guess' }] }, /kind "guess", which is unknown/],
    ['a lost input', { ...day, inputs: {} }, /lacks [0-9a-f]{64} in "inputs"; export the day again/],
  ])('%s', (_, document, message) => {
    expect(() => replay(document as DecisionsDocument)).toThrow(message);
  });
});

test('equal facts are the same text whatever their order, and the text gives them back', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('any'), { maxKeys: 4 }),
      fc.array(fc.string(), { maxLength: 4 }).map((all) => new Set(all)),
    ),
  })).any;
  fc.assert(
    fc.property(value, (given) => {
      const text = canonical(given);
      const back = revive(JSON.parse(text));
      expect(canonical(back)).toBe(text);
      expect(canonical(mirrored(given))).toBe(text);
    }),
  );
});

/** The same with the keys of each object, and what is in each set, the other way round. */
function mirrored(value: unknown): unknown {
  if (value instanceof Set) return new Set([...value].toReversed());
  if (Array.isArray(value)) return value.map(mirrored);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, field]) => [key, mirrored(field)]),
  );
}
