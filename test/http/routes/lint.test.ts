import { expect, test } from 'vitest';
import { viewLint } from '../../../daemon/http/views/preview.ts';
import { because, type LintReason, type Rules } from '../../../lib/core/index.ts';
import { DAY, HOUR } from '../../core/builders.ts';

type LintRule = LintReason['rule'];
/** One of each: the compiler asks for a sample of a new one. */
const SAMPLES: { readonly [R in LintRule]: Rules[R] } = {
  'override-not-allowed': { what: 'zone', policy: 'nightly' },
  'override-too-often': { everyMs: HOUR, leastMs: 6 * HOUR, policy: 'nightly' },
  'override-keeps-too-little': { withinMs: DAY, leastMs: 3 * DAY, policy: 'nightly' },
  'override-of-rule': { form: 'cron' },
  'override-zone-alone': {},
  'override-beyond-window': { everyMs: 12 * HOUR, openMs: 8 * HOUR },
  'pause-too-long': { forMs: 30 * DAY, mostMs: 7 * DAY, policy: 'nightly' },
  'kept-without-rule': {},
  'selects-nothing': {},
  'keeps-beyond': { keptMs: 400 * DAY, horizonMs: 90 * DAY },
  'chain-outlasts': { withinMs: 3 * DAY, chainMs: 7 * DAY },
  'window-gap': { everyMs: HOUR, longestMs: 17 * HOUR },
  'quota-short': { ours: 14, others: 2, limit: 10, reserve: 1, ask: 17 },
};
/** Which no Vietnamese sentence has, and hardly an English one lacks. */
const ENGLISH =
  /(?<!\p{L})(an|and|be|every|give|is|it|its|longer|more|not|of|or|than|that|the|what|which|with|would)(?!\p{L})/iu;

test.each(Object.keys(SAMPLES) as LintRule[])(
  '%s is told in both languages, and nothing of one in the other',
  (rule) => {
    const row = { level: 'warning', field: 'keep', because: because(rule, SAMPLES[rule]) as LintReason } as const;
    const [en, vi] = [viewLint(row, 'en').message, viewLint(row, 'vi').message];
    expect(en).toMatch(ENGLISH);
    expect(en).not.toMatch(/[À-ỹ]/);
    expect(vi).toMatch(/[À-ỹ]/);
    // What is in quotes is a word of the API.
    expect(vi.replaceAll(/"[^"]*"/g, '')).not.toMatch(ENGLISH);
  },
);
