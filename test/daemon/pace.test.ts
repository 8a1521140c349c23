import { beforeEach, expect, test } from 'vitest';
import type { Reading } from '../../daemon/engine/backups.ts';
import { createPace, type Pace } from '../../daemon/engine/pace.ts';
import type { EngineSettings } from '../../daemon/engine/settings.ts';
import { at, foreign, HOUR, MINUTE, managed } from '../core/builders.ts';

const START = at('2026-11-24 12:00');
let passedMs = 0;
let settings = { pruneEveryMs: HOUR, reconcileMs: 10 * MINUTE } as EngineSettings;
const clock = {
  nowUtc: () => START + passedMs,
  monotonicMs: () => passedMs,
  sleepUntil: async () => undefined,
};
const list = (...backups: Reading['backups']): Reading => ({
  projectId: 'project-a',
  instanceId: null,
  askedUtc: START,
  backups,
  odd: [],
});
const [one, two] = [managed('one', START), managed('two', START)];
let pace: Pace;
beforeEach(() => {
  passedMs = 0;
  pace = createPace(() => settings, clock);
  expect(pace.isDue(list(one))).toBe(true);
  pace.planned(list(one, two), START + 40 * MINUTE);
  passedMs = MINUTE;
});

test('a list that says nothing new, in whatever order, waits for its turn', () => {
  expect(pace.isDue(list(two, one))).toBe(false);
  pace.planned(list(one, two), null);
  passedMs = HOUR;
  expect(pace.isDue(list(one, two))).toBe(false);
  passedMs = HOUR + MINUTE;
  expect(pace.isDue(list(one, two))).toBe(true);
});

test.each([
  ['a backup more', () => list(one, two, foreign('three'))],
  ['one less', () => list(one)],
  ['one that has ended', () => list(one, { ...two, status: 'FAILED' })],
  ['another project', () => ({ ...list(one, two), projectId: 'project-b' })],
  ['one instance alone', () => ({ ...list(one, two), instanceId: 'db-1' })],
])('what is new is planned for at once: %s', (_, reading) => {
  expect(pace.isDue(reading())).toBe(true);
});

test('a grace that ends is not waited beyond', () => {
  passedMs = 40 * MINUTE - 1;
  expect(pace.isDue(list(one, two))).toBe(false);
  passedMs += 1;
  expect(pace.isDue(list(one, two))).toBe(true);
});

test('after a reload each list is planned for until the region was looked at', () => {
  settings = { ...settings };
  expect(pace.isDue(list(one, two))).toBe(true);
  passedMs += 20 * MINUTE;
  expect(pace.isDue(list(one, two))).toBe(false);
});
