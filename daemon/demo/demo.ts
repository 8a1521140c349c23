import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { parseConfig } from '../config/load.ts';
import { check } from './check.ts';
import { startCloud } from './cloud.ts';
import { messagesHeard } from './heard.ts';
import { openLedger } from './ledger.ts';
import { createNarrator } from './narrator.ts';
import type { DemoOptions } from './options.ts';
import { play } from './play.ts';
import type { Terminal } from './screen.ts';
import { openShow, write } from './show.ts';
import { type PROJECTS, START_UTC } from './story.ts';
import { summary } from './summary.ts';
import { wordsOf } from './words/index.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Of the last sentence, where there is no terminal. */
const PIPE_WIDTH = 100;
/** A tenant of the story, whose password is his name. */
const PAGE_USER = 'shop' satisfies (typeof PROJECTS)[number];
const FIRST_LOOK_MS = 5_000;

export interface DemoResult {
  /** All checks hold. */
  readonly ok: boolean;
  readonly interrupted: boolean;
}

/** The whole demo, from the broker's start to the last check; leaves nothing behind, however it ends. */
export async function runDemo(options: DemoOptions, terminal: Terminal, signal: AbortSignal): Promise<DemoResult> {
  const { days, minutes, forever, language, bus } = options;
  const words = wordsOf(language);
  const scale = (days * DAY) / (minutes * MINUTE);
  const say = (text: string): unknown => terminal.write(`${text}\n`);
  const ends: (() => unknown)[] = [];
  try {
    const waits = (what: 'rabbit' | 'noRabbit') => say(words.starting[what]);
    const cloud = await startCloud({ startUtc: START_UTC, scale, bus, signal, say: waits });
    ends.push(cloud.stop);
    say(`${words.starting.configuration}\n\n${cloud.yaml}\n${words.starting.page(cloud.pageUrl, PAGE_USER)}\n`);
    const { region, clock } = cloud;

    const narrator = createNarrator(region, clock, { language, words });
    const show = openShow(terminal, narrator.speech);
    ends.push(show.close);
    process.once('exit', show.close); // whoever asks twice to end does not wait for the rest, but wants his terminal
    narrator.tellTo(show.event);
    const config = parseConfig(cloud.yaml, 'the configuration');
    const app = await startApp({ config, clock, busClock: systemClock, log: narrator.log });
    const stop = once(app.stop);
    ends.push(stop);
    const file = openLedger(join(cloud.home, 'autobackup.sqlite'));
    ends.push(file.close);

    // The first requests of a process are slow, and would take hours of the first day.
    const tooLong = delay(FIRST_LOOK_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([narrator.heard('reconcile.done'), app.ended, tooLong]);
    cloud.startClock();
    const playing = play({ ...cloud, narrator, show, read: file.read, signal, storyDays: days, forever, scale });
    await Promise.race([playing, app.ended.then(() => playing)]);
    const nowUtc = clock.nowUtc();
    const heard = cloud.bus && !signal.aborted ? await messagesHeard(app.opsAddress) : null;
    await stop();
    show.close();

    const rows = { instances: region.instances(), backups: region.backups(), projects: region.projects() };
    const findings = check({
      ...rows,
      excludedId: cloud.stage.excludedId,
      ledger: file.read(),
      nowUtc,
      interrupted: signal.aborted,
    });
    const passed = ((nowUtc - START_UTC) / DAY).toFixed(1);
    write(terminal, summary({ findings, heard, days: passed }, terminal.columns ?? PIPE_WIDTH, words));
    return { ok: heard !== 0 && findings.every(({ problems }) => problems.length === 0), interrupted: signal.aborted };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}
