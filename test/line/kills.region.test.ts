import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dice } from '../engine/dice.ts';
import { type Region, regionAt } from '../region/region.ts';
import { waitFor } from '../region/tenant.ts';
import { gather, isOpen, letADayPass, runsOf } from './kills/evidence.ts';
import { brokenLaws } from './kills/laws.ts';
import { CAPS, POLICIES, type Scene, setScene } from './kills/scene.ts';
import { createStrikes } from './kills/strikes.ts';
import { runsSaid, summaryOf } from './kills/summary.ts';
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
    // No slot comes any more, and what is open ends.
    stage.configure({ exclude: { projects: scene.projects.map(({ name }) => `${name}@Default`) } });
    await daemon.start();
    // What does not end is named below.
    await waitFor(async () => !runsOf(stage).some(isOpen), { timeoutMs: 2 * MINUTE, everyMs: 500 }).catch(
      () => undefined,
    );
    expect(await daemon.end('SIGTERM')).toBe(0);
    const overCaps = await caps.stop();

    const instances = new Set(scene.projects.flatMap(({ instances }) => instances));
    const evidence = await gather(region, stage, instances);
    const { done, kills } = strikes;
    const story = { seed: SEED, kills: kills(), strikes: done, deeds: users.deeds, most: caps.most() };
    console.log(summaryOf(daemon, evidence, story));
    expect(brokenLaws(evidence, parents.asked, users.deletedAt)).toEqual([]);
    expect(overCaps).toEqual([]);
    expect(daemon.lines.filter(({ event }) => event === 'task.failed' || event === 'run.fault')).toEqual([]);
    // It was no idle time, on a slow machine either.
    expect(kills()).toBeGreaterThan(MINUTES);
    expect(evidence.ours.length).toBeGreaterThan(MINUTES * 4);
    expect(runsSaid(daemon, 'run.adopted')).toBeGreaterThan(0);
  },
  (MINUTES + 5) * MINUTE,
);
