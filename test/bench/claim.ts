import type { Caps, Claim } from '../../daemon/ports/schedule.ts';
import type { Store } from '../../daemon/store/index.ts';
import { because, goOn } from '../../lib/core/index.ts';
import { at, DAY, HOUR, MINUTE } from '../core/builders.ts';
import { type DaemonStore, openAsDaemon } from './daemon-store.ts';
import { fill } from './fill.ts';
import { figure, median, report, timed } from './report.ts';

/** Claims 100 due of many schedules, runs and cursor committed with synchronous=FULL; and the bad days. */
const NOW = at('2026-11-22 10:00');
const PROJECTS = 1_000;
const WIDE: Caps = { concurrent: 100_000, perProject: 100_000 };
const CLAIM = 100;
const ROUNDS = 5;

/** A hundred due in each hour that is claimed, the others within the day after. */
const hundredAnHour = (n: number): number =>
  n < CLAIM * (ROUNDS + 1) ? NOW + Math.floor(n / CLAIM) * HOUR : NOW + 12 * HOUR + (n % 1_000) * MINUTE;

const claim = (store: Store, nowUtc: number, caps: Caps, limit: number) =>
  store.schedule.claimDue({
    nowUtc,
    limit,
    caps,
    advance: (id, policy, slot, newestPointUtc) =>
      goOn(policy, id, slot, { nowUtc, newestPointUtc, freezes: [], sinceUtc: NOW }),
    makeUp: () => null,
  });

async function endAll(store: Store, runs: readonly Claim[], nowUtc: number): Promise<void> {
  for (const { runId } of runs) {
    await store.ledger.end(runId, { state: 'skipped', because: because('no-role', { project: 'p' }) }, nowUtc);
  }
}

const open = (path: string): DaemonStore => openAsDaemon(path, NOW);
/** Slots fall due now and then, and what one wrote is copied by the other thread before, after or while the next is claimed. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

async function claimHundred(store: Store, round: number): Promise<number> {
  const nowUtc = NOW + round * HOUR;
  let claimed: readonly Claim[] = [];
  const ms = await timed(async () => {
    ({ claimed } = await claim(store, nowUtc, WIDE, CLAIM));
  });
  if (claimed.length !== CLAIM) throw new Error(`claimed ${claimed.length} instead of ${CLAIM}`);
  await endAll(store, claimed, nowUtc);
  return ms;
}

/** Round 0 warms both up; then in turns. */
async function claims(): Promise<{ large: number; small: number; ratio: number }> {
  const large = open(
    fill({ nowUtc: NOW, schedules: 1_000_000, projects: PROJECTS, slotOf: hundredAnHour, history: 2_000_000 }),
  );
  const small = open(
    fill({ nowUtc: NOW, schedules: 10_000, projects: PROJECTS, slotOf: hundredAnHour, history: 20_000 }),
  );
  const pairs: [number, number][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await pause();
    pairs.push([await claimHundred(large.store, round), await claimHundred(small.store, round)]);
  }
  await large.close();
  await small.close();
  const measured = pairs.slice(1);
  return {
    large: median(measured.map(([one]) => one)),
    small: median(measured.map(([, other]) => other)),
    ratio: median(measured.map(([one, other]) => one / other)),
  };
}

/** 100,000 due in one project that is full, one due in another behind them. */
async function fullProject(): Promise<number> {
  const slotOf = (n: number): number => (n < 100_000 ? NOW - HOUR : NOW - MINUTE);
  const { store, close } = open(
    fill({ nowUtc: NOW, schedules: 100_010, projects: 2, projectOf: (n) => (n < 100_000 ? 0 : 1), slotOf }),
  );
  const caps = { concurrent: 20, perProject: 4 };
  const first = await claim(store, NOW, caps, 20);
  if (first.claimed.length !== 8) throw new Error(`claimed ${first.claimed.length} instead of 8`);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(
      await timed(async () => {
        await claim(store, NOW, caps, 12);
        await store.schedule.readyRuns({ nowUtc: NOW, caps, trying: [], closed: new Set() });
        await store.schedule.nextDue(NOW);
      }),
    );
  }
  await close();
  return median(times);
}

/** 20,000 due at once over all projects while every place is taken. */
async function allFull(): Promise<number> {
  const { store, close } = open(
    fill({ nowUtc: NOW, schedules: 20_000, projects: PROJECTS, slotOf: () => NOW - DAY / 2 }),
  );
  const caps = { concurrent: 20, perProject: 4 };
  while ((await claim(store, NOW, caps, 20)).claimed.length > 0);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(
      await timed(async () => {
        const { claimed } = await claim(store, NOW, caps, 20);
        if (claimed.length > 0) throw new Error('claimed above the cap');
        await store.schedule.readyRuns({ nowUtc: NOW, caps, trying: [], closed: new Set() });
        await store.schedule.nextDue(NOW);
      }),
    );
  }
  await close();
  return median(times);
}

const { large, small, ratio } = await claims();
const past = await fullProject();
const capped = await allFull();
report('claim', [
  figure('claim 100 due of 1,000,000 schedules, 2,000,000 runs behind them', large, 15, 'ms'),
  figure('the same of 10,000 schedules, 20,000 runs', small, Number.POSITIVE_INFINITY, 'ms'),
  figure('one against the other', ratio, 1.5, '×'),
  figure('a round past 100,000 due in one project that is full', past, 15, 'ms'),
  figure('a round with 20,000 due and no place left', capped, 15, 'ms'),
]);
