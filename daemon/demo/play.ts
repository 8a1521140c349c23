import { setTimeout as delay } from 'node:timers/promises';
import { OPEN_STATES, type RunState } from '../../lib/core/index.ts';
import type { DemoCloud } from './cloud.ts';
import type { Ledger } from './ledger.ts';
import type { Narrator } from './narrator.ts';
import { standings, totalsOf } from './picture.ts';
import type { Show } from './show.ts';
import { START_UTC, story } from './story.ts';

const DAY = 86_400_000;
const FRAME_MS = 120;
/** Once the days are over, what runs may end; so often it is looked, and so long at most. */
const LOOK_MS = 10;
const QUIET_WITHIN_MS = DAY;

export interface Play extends Pick<DemoCloud, 'region' | 'stage' | 'clock' | 'bus' | 'pageUrl'> {
  readonly narrator: Narrator;
  readonly show: Show;
  readonly read: () => Ledger;
  readonly signal: AbortSignal;
  readonly storyDays: number;
  readonly forever: boolean;
  readonly scale: number;
}

/** Lets the days pass: the story's beats when they are due, a frame in between. Resolves after the last day, or early. */
export async function play(it: Play): Promise<void> {
  const { region, stage, clock, bus, pageUrl, narrator, show, signal, storyDays, forever, scale } = it;
  const beats = [...story(storyDays)];
  const endUtc = forever ? Number.POSITIVE_INFINITY : START_UTC + storyDays * DAY;
  while (!signal.aborted) {
    for (let beat = beats[0]; beat && START_UTC + beat.afterMs <= clock.nowUtc(); beat = beats[0]) {
      beats.shift();
      narrator.announce(beat.action);
      await stage.perform(beat.action);
    }
    stage.tend();
    const ledger = it.read();
    const nowUtc = clock.nowUtc();
    show.picture({
      startUtc: START_UTC,
      nowUtc,
      days: forever ? null : storyDays,
      scale,
      bus,
      pageUrl,
      projects: standings(ledger, region.instances(), region.projects(), nowUtc),
      totals: totalsOf(ledger, narrator.late()),
    });
    if (nowUtc >= endUtc && (isQuiet(ledger, nowUtc + LOOK_MS * scale) || nowUtc >= endUtc + QUIET_WITHIN_MS)) return;
    await delay(nowUtc >= endUtc ? LOOK_MS : FRAME_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Nothing runs, and nothing is due before the instant. */
function isQuiet({ runs, schedules }: Ledger, untilUtc: number): boolean {
  const open = runs.some(({ state }) => (OPEN_STATES as readonly RunState[]).includes(state));
  return !open && schedules.every(({ active, nextSlotUtc }) => !active || nextSlotUtc > untilUtc);
}
