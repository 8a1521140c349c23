import type { HealingPort } from '../ports/healing.ts';
import type { PointsPort } from '../ports/points.ts';
import type { BackupsDeps, Reading } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createClockWatch } from './clock-watch.ts';
import { createHeal } from './heal.ts';
import { createLostPoints } from './lost-points.ts';
import { createOddRows, type OddRowsDeps } from './odd-rows.ts';
import { createPoints } from './points.ts';
import { createPrune, type PruneDeps } from './prune.ts';
import { createReconcile, type Reconcile, type ReconcileDeps } from './reconcile.ts';
import { recoverIntents } from './recover.ts';
import { createSchedule, type ScheduleDeps } from './schedule.ts';
import type { Settings } from './settings.ts';
import { createSubmit } from './submit.ts';
import { createSurvey } from './survey.ts';
import { createTrack } from './track.ts';
import { createTurns } from './turns.ts';
import { createWatch, type WatchDeps } from './watch.ts';

export interface EngineDeps
  extends Omit<BackupsDeps, 'storeBornUtc' | 'onBackups' | 'oddRows'>,
    Pick<OddRowsDeps, 'onOddRows'>,
    Pick<ReconcileDeps, 'inventory' | 'notes' | 'written' | 'onMissing'>,
    Pick<ScheduleDeps, 'schedule' | 'hard'>,
    Pick<PruneDeps, 'pruning' | 'retention'>,
    Pick<WatchDeps, 'readModel' | 'onFigures'> {
  readonly guard: ClockGuard;
  readonly settings: Settings;
  readonly points: PointsPort;
  readonly healing: HealingPort;
}

export interface Engine {
  readonly reconcile: Reconcile;
  /** Each runs until its signal; none knows of another but by a poke. */
  readonly loops: Readonly<Record<LoopName, Loop>>;
  /** Somebody says that recovery points are gone. */
  pokeSuspects(): void;
  /** The settings changed: looks at the region, and at what may go now. */
  lookAnew(): void;
  /** Resolves when nothing is being submitted. */
  idle(): Promise<void>;
}

type LoopName = 'reconcile' | 'notes' | 'schedule' | 'track' | 'points' | 'survey' | 'prune' | 'watch' | 'clock';
type Loop = (signal: AbortSignal) => Promise<void>;

/** The loops and who wakes whom. What an earlier life left under way is settled first. */
export async function createEngine(deps: EngineDeps): Promise<Engine> {
  const storeBornUtc = () => deps.inventory.storeBornUtc;
  const turns = createTurns();
  const oddRows = createOddRows(deps);
  const prune = createPrune({ ...deps, storeBornUtc, turns, oddRows });
  const pokeSuspects = (): void => lostPoints.poke();
  const seePoints = createPoints({ ...deps, onSuspects: pokeSuspects });
  const onBackups = async (reading: Reading): Promise<void> => {
    await prune.consider(reading);
    // What cannot be read may be a recovery point: none lacks.
    if (reading.odd.length === 0) await seePoints(reading);
  };
  const shared = { ...deps, storeBornUtc, onBackups, oddRows };
  const recover = () => recoverIntents(deps);
  await recover();
  const track = createTrack({ ...shared, onEnded: () => schedule.poke() });
  const submit = createSubmit({ ...shared, onSubmitted: () => track.poke() });
  const schedule = createSchedule({ ...deps, turns, submit, recoverIntents: recover });
  const onSchedules = (): void => schedule.poke();
  const reconcile = createReconcile({ ...deps, onSchedules, oddRows });
  const lostPoints = createLostPoints({ ...shared, onSchedules });
  const heal = createHeal({ ...deps, onSchedules });
  const onTrust = async (): Promise<void> => {
    schedule.poke();
    reconcile.resume();
    await heal();
  };
  const loops = {
    reconcile: reconcile.fullLoop,
    notes: reconcile.notesLoop,
    schedule: schedule.loop,
    track: track.loop,
    points: lostPoints.loop,
    survey: createSurvey(shared),
    prune: prune.loop,
    watch: createWatch(deps),
    clock: createClockWatch({ ...deps, ask: reconcile.pokeFull, onTrust }),
  };
  const lookAnew = (): void => {
    reconcile.pokeFull();
    schedule.poke();
  };
  return { reconcile, loops, pokeSuspects, lookAnew, idle: schedule.idle };
}
