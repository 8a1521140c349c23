import { expect, test } from 'vitest';
import { checkHold } from '../../lib/core/index.ts';
import { at, HOUR } from './builders.ts';

const NOW = at('2026-11-22 10:00');
const HOLD = { owner: 'anna', note: 'audit', untilUtc: NOW + HOUR };

test.each([HOLD, { ...HOLD, untilUtc: null }])('a hold with owner and note until $untilUtc is taken', (hold) => {
  expect(() => checkHold(hold, NOW)).not.toThrow();
});

test.each([
  { what: 'nobody', hold: { ...HOLD, owner: ' ' }, problem: 'owner: has 1 characters; give 1 to 255' },
  { what: 'no reason', hold: { ...HOLD, note: '' }, problem: 'note: has 0 characters; give 1 to 255' },
  { what: 'a book', hold: { ...HOLD, note: 'x'.repeat(256) }, problem: 'note: has 256 characters' },
  { what: 'a time that has passed', hold: { ...HOLD, untilUtc: NOW }, problem: /2026-11-22T10:00.* has passed; give/ },
])('a hold with $what is refused', ({ hold, problem }) => {
  expect(() => checkHold(hold, NOW)).toThrow(problem);
});
