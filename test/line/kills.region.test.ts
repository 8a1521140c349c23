import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dice } from '../engine/dice.ts';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { gather, isOpen, letADayPass, runsOf, schedulesOf } from './kills/evidence.ts';
import { brokenLaws } from './kills/laws.ts';
import { CAPS, POLICIES, type Scene, setScene } from './kills/scene.ts';
import { createStrikes } from './kills/strikes.ts';
import { startUsers } from './kills/users.ts';
import { watchCaps, watchParents } from './kills/watch.ts';
import { type Stage, setStage } from './world.ts';

const MINUTE = 60_000;
const MINUTES = Number(process.env['KILLS_MINUTES'] ?? 10);
/** The same deeds in the same order; the moments in which they fall are the machine's. */
const SEED = Number(process.env['KILLS_SEED'] ?? Date.now() % 100_000);
const CONCURRENCY = { concurrent: CAPS.concurrent, concurrent_per_project: CAPS.perProject };

let region: Region;
let scene: Scene;
let stage: Stage;

beforeAll(async () => {
  region = regionAt(inject('region'));
  scene = await setScene(region);
  stage = await setStage(region, POLICIES, { limits: { minimum_interval: '5s', ...CONCURRENCY } });
});
afterAll(async () => {
  await stage?.close();
  await scene?.clear();
});

const tally = (of: Iterable<readonly [string, number]>): string =>
  [...of].map(([what, n]) => `${what} ${n}`).join(', ');

/** No run is open that is older than its interval. */
function settled(): boolean {
  const intervals = new Map(schedulesOf(stage).map(({ instance_id, interval_ms }) => [instance_id, interval_ms]));
  return runsOf(stage).every(
    (run) => !isOpen(run) || Date.now() - run.slot_utc < (intervals.get(run.instance_id) ?? 0),
  );
}

test(
  `killed at random moments for ${MINUTES} minutes under load (seed ${SEED}): no slot twice, no chain broken, every slot one explained end`,
  async () => {
    const { daemon, proxy } = stage;
    const users = startUsers(scene, dice(SEED));
    const caps = watchCaps(scene);
    const parents = watchParents(scene);
    proxy.watch(parents.look);
    const strikes = createStrikes(daemon, proxy, dice(SEED + 1));
    await daemon.start();
    for (const endMs = performance.now() + MINUTES * MINUTE; performance.now() < endMs; ) await strikes.strike();

    await users.stop();
    await daemon.end('SIGTERM');
    letADayPass(stage);
    await daemon.start();
    await waitFor(async () => settled(), { timeoutMs: 2 * MINUTE, everyMs: 500 });
    expect(await daemon.end('SIGTERM')).toBe(0);
    const nowUtc = Date.now();
    const overCaps = await caps.stop();

    const instances = new Set(scene.projects.flatMap(({ instances }) => instances));
    const evidence = await gather(region, stage, instances);
    const ends = Map.groupBy(evidence.runs, ({ state }) => state);
    const said = (event: string): number =>
      new Set(daemon.lines.filter((l) => l.event === event).map((l) => l['run'])).size;
    const asked = parents.asked.length;
    console.log(
      [
        `seed ${SEED}: ${strikes.kills()} kills (${tally(strikes.done)})`,
        `${evidence.runs.length} slots: ${tally([...ends].map(([state, { length }]) => [state, length]))}`,
        `${evidence.ours.length} backups, ${asked} asked for as incrementals; at most ${caps.most()} at once`,
        `${said('run.adopted')} adopted, ${said('run.unknown')} unknown, ${said('run.revived')} revived`,
        `users: ${tally(users.deeds)}`,
      ].join('\n'),
    );
    expect(brokenLaws(evidence, parents.asked, users.deletedAt, nowUtc)).toEqual([]);
    expect(overCaps).toEqual([]);
    expect(daemon.lines.filter(({ event }) => event === 'task.failed' || event === 'run.fault')).toEqual([]);
    // It was no idle time.
    expect(strikes.kills()).toBeGreaterThan(MINUTES * 2);
    expect(evidence.ours.length).toBeGreaterThan(MINUTES * 10);
    expect(said('run.adopted')).toBeGreaterThan(0);
  },
  (MINUTES + 5) * MINUTE,
);
