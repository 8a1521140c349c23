import {
  type Backup,
  decidePrune,
  type Fate,
  type Instant,
  type OwnedBackup,
  type PruneInput,
  type PruneStep,
  type RecordedDecision,
  record,
} from '../../lib/core/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { DecisionsPort } from '../ports/decisions.ts';
import type { Log } from '../ports/log.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { MarkChange, RetentionPort } from '../ports/retention.ts';
import type { Reading } from './backups.ts';
import type { ClockGuard } from './clock-guard.ts';
import { createPace } from './pace.ts';
import { onOthers, pruneInputOf } from './prune-input.ts';
import type { Settings } from './settings.ts';

export interface RetentionDeps {
  readonly retention: RetentionPort;
  readonly pruning: PrunePort;
  readonly decisions: DecisionsPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly guard: ClockGuard;
}

interface Owner {
  readonly instanceId: string;
  readonly projectId: string;
}

/** What is to become of the backups of one instance. */
export interface Decision {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly step: PruneStep;
  /** The instance is taken for gone. */
  readonly isOfGone: boolean;
  readonly input: PruneInput;
  /** To be stored before it takes effect. */
  recorded(): RecordedDecision;
}

export interface Retention {
  /** null where nothing of the instance is pruned. `elsewhere`: what else may stand on its backups. */
  decide(owner: Owner, backups: readonly OwnedBackup[], elsewhere: readonly Backup[]): Promise<Decision | null>;
  /** Marks what may go of what was just read, and lifts marks; gives the instances of which something goes now. */
  plan(reading: Reading): Promise<readonly string[]>;
  /** What the project's lists are planned by changed: the next is planned for, whatever it says. */
  planAnew(projectId: string): void;
}

type Marked = MarkChange['mark'][number];

/** What follows from one list. */
interface Change {
  readonly going: string[];
  readonly marks: Marked[];
  readonly lifts: Marked[];
  readonly made: RecordedDecision[];
  /** When graces end. */
  readonly endsUtc: Instant[];
}

const factsOf = ({ instanceId, projectId, backupId, because }: Marked) => ({
  instance: instanceId,
  project: projectId,
  backup: backupId,
  because,
});

/** Plans over lists that are read anyway: of every project at least once a look at the region. */
export function createRetention(deps: RetentionDeps): Retention {
  const { retention, pruning, decisions, clock, log, settings, guard } = deps;
  const pace = createPace(settings, clock);
  /** Of each instance what its blocked backups were last told of. */
  const told = new Map<string, ReadonlyMap<string, string>>();

  const decide: Retention['decide'] = async ({ instanceId, projectId }, backups, elsewhere) => {
    const tended = await retention.tended(instanceId, clock.nowUtc());
    if (!tended) return null;
    const going = await pruning.going(projectId);
    const gone = new Set(backups.flatMap(({ id }) => (going.has(id) ? [id] : [])));
    const instance = { id: instanceId, projectId };
    const input = pruneInputOf(tended, { instance, backups, elsewhere, gone }, settings(), clock.nowUtc());
    const { fates, step, outcome } = decidePrune(input);
    const isOfGone = tended.goneUtc !== null;
    return { fates, step, input, isOfGone, recorded: () => record('prune', { instanceId, projectId }, input, outcome) };
  };

  function tellBlocked(instance: string, project: string, found: ReadonlyMap<string, Fate>): void {
    const before = told.get(instance);
    const now = new Map<string, string>();
    for (const [backup, fate] of found) {
      if (fate.kind !== 'blocked') continue;
      const text = JSON.stringify(fate.because);
      now.set(backup, text);
      if (before?.get(backup) !== text) log.warn('prune.blocked', { instance, project, backup, because: fate.because });
    }
    if (now.size > 0) told.set(instance, now);
    else told.delete(instance);
  }

  /** All of a list in one transaction. */
  async function note(marks: readonly Marked[], lifts: readonly Marked[]): Promise<void> {
    if (marks.length === 0 && lifts.length === 0) return;
    const nowUtc = clock.nowUtc();
    const noted = await retention.noteMarks({ mark: marks, lift: lifts.map(({ backupId }) => backupId) }, nowUtc);
    const untilUtc = nowUtc + settings().graceMs;
    for (const it of marks) if (noted.marked.has(it.backupId)) log.info('prune.marked', { ...factsOf(it), untilUtc });
    for (const it of lifts) if (noted.lifted.has(it.backupId)) log.info('prune.lifted', factsOf(it));
  }

  function gather(
    owner: Owner,
    decision: Decision,
    isOdd: boolean,
    { going, marks, lifts, made, endsUtc }: Change,
  ): void {
    const { step } = decision;
    if (step.nextUtc !== null) endsUtc.push(step.nextUtc);
    if (step.ripe.length > 0) going.push(owner.instanceId);
    // What cannot be read may stand on any of them: nothing is marked, and what is ripe says why it stays.
    if (isOdd) return;
    tellBlocked(owner.instanceId, owner.projectId, decision.fates);
    if (step.mark.length > 0 || step.lift.length > 0) made.push(decision.recorded());
    marks.push(...step.mark.map(({ backup, because }) => ({ ...owner, backupId: backup.id, because })));
    lifts.push(...step.lift.map((lift) => ({ ...owner, ...lift })));
  }

  return {
    decide,
    planAnew: pace.forget,
    async plan(reading) {
      // By a clock that is wrong everything may look old.
      if (guard.doubt() !== null || !pace.isDue(reading)) return [];
      const { projectId, backups, odd } = reading;
      const change: Change = { going: [], marks: [], lifts: [], made: [], endsUtc: [] };
      const elsewhere = onOthers(backups);
      for (const [instanceId, rows] of Map.groupBy(backups, (backup) => backup.instanceId)) {
        if (instanceId === null) continue;
        const owner = { instanceId, projectId };
        const decision = await decide(owner, rows, elsewhere.get(instanceId) ?? []);
        if (decision) gather(owner, decision, odd.length > 0, change);
      }
      await decisions.record(change.made);
      await note(change.marks, change.lifts);
      pace.planned(reading, change.endsUtc.length === 0 ? null : Math.min(...change.endsUtc));
      return change.going;
    },
  };
}
