import type { DecisionsPort } from '../ports/decisions.ts';
import type { DeparturesPort } from '../ports/departures.ts';
import type { Explain, ExplainPort } from '../ports/explain.ts';
import type { ForgettingPort } from '../ports/forgetting.ts';
import type { HealingPort } from '../ports/healing.ts';
import type { Holds } from '../ports/holds.ts';
import type { Inspect } from '../ports/inspect.ts';
import type { MarksPort } from '../ports/marks.ts';
import type { OnDemand } from '../ports/on-demand.ts';
import type { PointsPort } from '../ports/points.ts';
import type { PoliciesPort } from '../ports/policies.ts';
import type { ProjectWork } from '../ports/project-work.ts';
import type { SchedulesPort } from '../ports/schedules.ts';
import type { StandstillPort } from '../ports/standstills.ts';
import type { BackupsDeps, Reading } from './backups.ts';
import { createChanged } from './changed.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createClockWatch } from './clock-watch.ts';
import { createExplain } from './explain.ts';
import { createHeal } from './heal.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createHolds } from './holds.ts';
import { createInspect } from './inspect.ts';
import { createLostPoints } from './lost-points.ts';
import { createOddRows, type OddRowsDeps } from './odd-rows.ts';
import { createOnDemand, type OnDemandDeps } from './on-demand.ts';
import { createOutlook, type OutlookDeps } from './outlook.ts';
import { createPoints } from './points.ts';
import { createPreview } from './preview.ts';
import { createProjectPolicies } from './project-policies.ts';
import { createProjectWork } from './project-work.ts';
import { createPrune, type PruneDeps } from './prune.ts';
import { createReconcile, type Reconcile, type ReconcileDeps } from './reconcile.ts';
import { recoverIntents } from './recover.ts';
import { createSchedule, type ScheduleDeps } from './schedule.ts';
import { createSchedules, type SchedulesDeps } from './schedules.ts';
import type { Settings } from './settings.ts';
import { createStuck, type StuckDeps } from './stuck.ts';
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
    Pick<OnDemandDeps, 'demands'>,
    Pick<StuckDeps, 'stuck'>,
    Pick<PruneDeps, 'pruning' | 'retention'>,
    Pick<OutlookDeps, 'outlook' | 'onShort'>,
    Pick<SchedulesDeps, 'overrides'>,
    Pick<WatchDeps, 'readModel' | 'onFigures'> {
  readonly guard: ClockGuard;
  readonly settings: Settings;
  readonly points: PointsPort;
  readonly departures: DeparturesPort;
  readonly healing: HealingPort;
  readonly forgetting: ForgettingPort;
  readonly standstills: StandstillPort;
  readonly decisions: DecisionsPort;
  readonly explaining: ExplainPort;
  readonly marks: MarksPort;
}

export interface Engine {
  readonly reconcile: Reconcile;
  readonly holds: Holds;
  readonly onDemand: OnDemand;
  readonly inspect: Inspect;
  readonly projectWork: ProjectWork;
  /** Each runs until its signal; none knows of another but by a poke. */
  readonly loops: Readonly<Record<LoopName, Loop>>;
  readonly explain: Explain;
  readonly schedules: SchedulesPort;
  readonly policies: PoliciesPort;
  /** Somebody says that recovery points are gone. */
  pokeSuspects(): void;
  /** The settings changed: looks at the region, and at what may go now. */
  lookAnew(): void;
  /** Resolves when nothing is being submitted. */
  idle(): Promise<void>;
}

type LoopName =
  | 'reconcile'
  | 'notes'
  | 'schedule'
  | 'track'
  | 'points'
  | 'survey'
  | 'prune'
  | 'changed'
  | 'outlook'
  | 'watch'
  | 'clock'
  | 'heartbeat';
type Loop = (signal: AbortSignal) => Promise<void>;

/** The loops and who wakes whom. What an earlier life left under way is settled first. */
export async function createEngine(deps: EngineDeps): Promise<Engine> {
  const storeBornUtc = () => deps.inventory.storeBornUtc;
  const turns = createTurns();
  const oddRows = createOddRows(deps);
  const prune = createPrune({ ...deps, storeBornUtc, turns, oddRows });
  const pokeSuspects = (): void => lostPoints.poke();
  const seePoints = createPoints({ ...deps, onSuspects: pokeSuspects });
  const seeStuck = createStuck(deps);
  const onBackups = async (reading: Reading): Promise<void> => {
    await seeStuck(reading);
    await prune.consider(reading);
    // What cannot be read may be a recovery point: none lacks.
    if (reading.odd.length === 0) await seePoints(reading);
  };
  const shared = { ...deps, storeBornUtc, onBackups, oddRows };
  const recover = () => recoverIntents(deps);
  await recover();
  const track = createTrack({ ...shared, seeStuck, onEnded: () => schedule.poke() });
  const outlook = createOutlook({ ...shared, onSchedules: () => schedule.poke() });
  const onSchedules = (): void => {
    schedule.poke();
    outlook.poke();
  };
  const onSubmitted = (): void => track.poke();
  const submit = createSubmit({ ...shared, outlook, isFreeing: prune.isFreeing, onSubmitted, onSchedules });
  const schedule = createSchedule({ ...deps, turns, submit, recoverIntents: recover });
  const reconcile = createReconcile({ ...deps, onSchedules, oddRows, onLooked: prune.hasten });
  const lostPoints = createLostPoints({ ...shared, onSchedules });
  const onDemand = createOnDemand({ ...deps, onDemand: onSchedules });
  const changed = createChanged({ ...shared, planAnew: prune.planAnew });
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
    changed: changed.loop,
    outlook: outlook.loop,
    watch: createWatch(deps),
    heartbeat: createHeartbeat(deps),
    clock: createClockWatch({ ...deps, ask: reconcile.pokeFull, onTrust }),
  };
  const onChanged = (projectId: string): void => {
    onSchedules();
    changed.tell(projectId);
  };
  const layers = { ...deps, storeBornUtc, onChanged, preview: createPreview(shared) };
  const lookAnew = (): void => {
    reconcile.pokeFull();
    schedule.poke();
    prune.lookAnew();
  };
  const holds = createHolds(shared);
  const onGiven = (): void => schedule.poke();
  const projectWork = createProjectWork({ ...deps, turns, onSuspects: pokeSuspects, onGiven });
  return {
    explain: createExplain(shared),
    schedules: createSchedules(layers),
    policies: createProjectPolicies(layers),
    reconcile,
    holds,
    onDemand,
    inspect: createInspect(shared),
    projectWork,
    loops,
    pokeSuspects,
    lookAnew,
    idle: schedule.idle,
  };
}
