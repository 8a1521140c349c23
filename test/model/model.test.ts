import { expect, test } from 'vitest';
import { FAILURES } from './failures.ts';
import { live, printed, search } from './history.ts';
import { shortened } from './shorten.ts';

/** `MODEL_SEED=5` for other histories than those of every day. */
const SEED = Number(process.env['MODEL_SEED'] ?? 1);
const STEPS = 60_000;

const found = search(SEED, STEPS);

test(`users, we, Trove, failures and clocks act in any order for ${STEPS} steps, and what must never happen does not`, () => {
  const { failure, steps, histories, days } = found;
  if (failure) throw new Error(`${failure.broken.join('\n')}\n${printed(shortened(failure.history))}`);
  expect(steps).toBeGreaterThanOrEqual(50_000);
  // Long enough for chains to roll over, graces to end and the gone to be let go.
  expect(days / histories).toBeGreaterThan(14);
});

test('in those histories everything does happen that the laws are about', () => {
  const { seen } = found;
  for (const [what, least] of Object.entries({
    made: 500,
    adopted: 10,
    marked: 100,
    deleted: 50,
    buried: 20,
    kills: 100,
  })) {
    expect(seen, what).toHaveProperty(what);
    expect(seen[what as keyof typeof seen], what).toBeGreaterThan(least);
  }
});

test.each(FAILURES)('no law is broken any more where $what', (history) => {
  expect(live(history).broken).toEqual([]);
});
