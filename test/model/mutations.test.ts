import { expect, test } from 'vitest';
import { judge } from './mutant.ts';
import { MUTATIONS } from './mutations.ts';

/** Most are caught within a tenth of it. */
const STEPS = 80_000;

test('with every guard in its place no law is broken in as many steps', async () => {
  expect(await judge(null, STEPS)).toEqual([]);
});

test.concurrent.each(MUTATIONS)('without the guard that $guard, $law is broken', async ({ law, ...mutation }) => {
  const [broken = 'nothing'] = await judge({ ...mutation, law }, STEPS);
  expect(broken.startsWith(law), broken).toBe(true);
});
