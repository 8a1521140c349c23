import { expect, test } from 'vitest';
import {
  type ClockTrust,
  firstClockLook,
  hearClock,
  lookAtClock,
  type RuleName,
  reckonedUtc,
} from '../../lib/core/index.ts';
import { at, DAY, HOUR, MINUTE, SECOND } from './builders.ts';

const START = at('2026-11-22 10:00');
const YEARS = 3652 * DAY;

/** What happens to a machine: time passes, its clock is set, it sleeps, the cloud answers. */
type Deed =
  | { readonly pass: number }
  | { readonly set: number }
  | { readonly sleep: number; readonly wallToo?: boolean }
  | { readonly answer: 'dated' | 'undated'; readonly tookMs?: number };

const dated: Deed = { answer: 'dated' };
const undated: Deed = { answer: 'undated' };

/** A true time, a wall clock that is wrong by `skewMs`, and a monotonic one that stands while the machine sleeps. */
function live(deeds: readonly Deed[], skewMs = 0) {
  const now = { trueUtc: START, skewMs, monotonicMs: 5_000 };
  const reading = () => ({ nowUtc: now.trueUtc + now.skewMs, monotonicMs: now.monotonicMs });
  let trust: ClockTrust = firstClockLook(reading());
  for (const deed of deeds) {
    if ('pass' in deed) {
      now.trueUtc += deed.pass;
      now.monotonicMs += deed.pass;
    } else if ('set' in deed) now.skewMs = deed.set;
    else if ('sleep' in deed) {
      now.trueUtc += deed.sleep;
      if (deed.wallToo) now.skewMs -= deed.sleep;
    } else {
      const { answer, tookMs = 0 } = deed;
      const dateUtc = answer === 'dated' ? Math.floor((now.trueUtc - tookMs) / SECOND) * SECOND : null;
      trust = hearClock(trust, { ...reading(), sentMs: now.monotonicMs - tookMs, dateUtc });
      continue;
    }
    trust = lookAtClock(trust, reading());
  }
  return { trust, reckonedUtc: reckonedUtc(trust, reading()), trueUtc: now.trueUtc, wallUtc: reading().nowUtc };
}

interface Case {
  readonly says: string;
  readonly deeds: readonly Deed[];
  readonly skewMs?: number;
  readonly doubt: RuleName | null;
}

test.each<Case>([
  { says: 'before any answer it is not gone by', deeds: [{ pass: HOUR }], doubt: 'clock-unproven' },
  { says: 'one answer that agrees is enough at a start', deeds: [dated], doubt: null },
  { says: 'an answer without a time proves nothing at once', deeds: [undated], doubt: 'clock-unproven' },
  { says: 'a cloud that tells no time is not waited for', deeds: [undated, { pass: MINUTE }], doubt: null },
  { says: 'nor is one that answers late', deeds: [{ pass: HOUR }, undated, { pass: SECOND }], doubt: null },
  { says: 'ten minutes ahead at a start', deeds: [dated], skewMs: 10 * MINUTE, doubt: 'clock-apart' },
  { says: 'ten years ahead at a start', deeds: [dated], skewMs: YEARS, doubt: 'clock-apart' },
  { says: 'a day behind at a start', deeds: [dated], skewMs: -DAY, doubt: 'clock-apart' },
  { says: 'four minutes are not told from none', deeds: [dated], skewMs: 4 * MINUTE, doubt: null },
  {
    says: 'an answer that was long on its way tells the time of when it left',
    deeds: [{ answer: 'dated', tookMs: 8 * MINUTE }],
    doubt: null,
  },
  { says: 'a clock that is slowly adjusted', deeds: [dated, ...slew(HOUR, 50 * SECOND)], doubt: null },
  { says: 'a clock that was slowly adjusted too far', deeds: [dated, ...slew(HOUR, 50 * SECOND), dated], doubt: null },
  { says: 'set ahead while it runs', deeds: [dated, { set: DAY }], doubt: 'clock-jumped' },
  { says: 'set back while it runs', deeds: [dated, { set: -DAY }], doubt: 'clock-jumped' },
  { says: 'set ahead, and told so', deeds: [dated, { set: DAY }, dated], doubt: 'clock-apart' },
  { says: 'set wrong and right again', deeds: [dated, { set: DAY }, { pass: HOUR }, { set: 0 }], doubt: null },
  { says: 'set by minutes that do not matter', deeds: [dated, { set: -2 * MINUTE }], doubt: null },
  {
    says: 'wrong at a start, then set right',
    deeds: [dated, { pass: HOUR }, { set: 3 * SECOND }],
    skewMs: DAY,
    doubt: null,
  },
  {
    says: 'wrong at a start, then set otherwise wrong',
    deeds: [dated, { set: HOUR }],
    skewMs: DAY,
    doubt: 'clock-jumped',
  },
  {
    says: 'after a sleep two answers are not enough',
    deeds: [dated, { sleep: DAY }, dated, dated],
    doubt: 'clock-jumped',
  },
  { says: 'after a sleep three answers are', deeds: [dated, { sleep: DAY }, dated, dated, dated], doubt: null },
  {
    says: 'one that contradicts begins the count anew',
    deeds: [dated, { sleep: DAY }, dated, dated, { set: HOUR }, { set: 0 }, dated, dated],
    doubt: null,
  },
  { says: 'asleep with its wall clock', deeds: [dated, { sleep: DAY, wallToo: true }, dated], doubt: 'clock-apart' },
  {
    says: 'asleep with its wall clock, then set right',
    deeds: [dated, { sleep: DAY, wallToo: true }, dated, { set: 0 }],
    doubt: null,
  },
  {
    says: 'a jump where no time is told',
    deeds: [undated, { pass: MINUTE }, { set: DAY }, undated],
    doubt: 'clock-jumped',
  },
  {
    says: 'a minute after a jump where no time is told',
    deeds: [undated, { pass: MINUTE }, { set: DAY }, undated, { pass: MINUTE }],
    doubt: null,
  },
  {
    says: 'silence does not clear what was contradicted',
    deeds: [dated, { set: DAY }, undated, { pass: HOUR }, undated],
    doubt: 'clock-jumped',
  },
])('$says: $doubt', ({ deeds, skewMs, doubt }) => {
  expect(live(deeds, skewMs).trust.doubt?.rule ?? null).toBe(doubt);
});

/** The wall clock gains so much against the monotonic one, half a minute at a time. */
function slew(overMs: number, gainMs: number): readonly Deed[] {
  const steps = overMs / (30 * SECOND);
  return Array.from({ length: steps }, (_, step): readonly Deed[] => [
    { pass: 30 * SECOND },
    { set: (gainMs * (step + 1)) / steps },
  ]).flat();
}

test('an answer that left before the clock was set ahead does not speak for the new time', () => {
  const before = firstClockLook({ nowUtc: START, monotonicMs: 0 });
  const trusted = hearClock(before, { nowUtc: START, monotonicMs: 0, sentMs: 0, dateUtc: START });
  const answer = { nowUtc: START + DAY + SECOND, monotonicMs: SECOND, sentMs: 0, dateUtc: START };
  expect(hearClock(trusted, answer).doubt?.rule).toBe('clock-apart');
});

test('the doubt says by how much, and which way', () => {
  expect(live([dated], DAY).trust.doubt).toEqual({ rule: 'clock-apart', params: { aheadMs: DAY } });
  expect(live([dated], -DAY).trust.doubt).toEqual({ rule: 'clock-apart', params: { aheadMs: -DAY } });
  expect(live([dated, { set: -HOUR }]).trust.doubt).toEqual({ rule: 'clock-jumped', params: { byMs: -HOUR } });
});

test.each([
  { says: 'a right clock is gone by itself', deeds: [dated, { pass: HOUR }], skewMs: 0 },
  { says: "the cloud's time is the better one", deeds: [dated, { pass: HOUR }], skewMs: DAY },
  { says: 'the cloud is remembered over a jump', deeds: [dated, { set: YEARS }, { pass: HOUR }], skewMs: 0 },
])('the time while the clock is doubtful: $says', ({ deeds, skewMs }) => {
  const { reckonedUtc: reckoned, trueUtc } = live(deeds, skewMs);
  expect(Math.abs(reckoned - trueUtc)).toBeLessThan(SECOND);
});

test('where nobody told a time, there is none but the wall clock', () => {
  const { reckonedUtc: reckoned, wallUtc } = live([undated, { set: DAY }]);
  expect(reckoned).toBe(wallUtc);
});
