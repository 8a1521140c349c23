import { type Instance, type Outlook, type OutlookInput, outlookSteps, type Policy } from '../../lib/core/index.ts';
import type { OutlookSchedule, ScheduleChange } from '../ports/outlook.ts';
import { changeBy } from './outlook-change.ts';
import { outlookInput } from './outlook-input.ts';
import { projectSample, type Sample } from './preview-course.ts';
import type { OtherTurn } from './preview-fates.ts';
import { isPolicy, type PolicyTurn, type Scene } from './preview-scene.ts';
import type { EngineSettings } from './settings.ts';

/** A project's quota as the engine will look at it once turns are made. */
export interface QuotaAhead {
  readonly input: OutlookInput;
  /** Of its schedules, those that were reckoned. */
  readonly sample: Sample;
  /** By the id of the instance: what else than its turn it goes by. */
  readonly changes: ReadonlyMap<string, ScheduleChange>;
  readonly found: Outlook;
}

type By = Pick<EngineSettings, 'reserve' | 'onShortage' | 'graceMs' | 'reconcileMs'>;

const same = (one: Policy, other: Policy | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Its schedules as they are once the turns are made, before the quota is looked at. */
function schedulesAfter(turns: readonly PolicyTurn[], { known }: Scene) {
  const before = new Map(known.schedules.map((one) => [one.instance.id, one]));
  const turned = new Set(turns.map(({ instance }) => instance.id));
  const made = turns.flatMap(({ instance, to, nextSlotUtc }): readonly OutlookSchedule[] => {
    const isFirst = before.get(instance.id)?.isFirst ?? false;
    if (!isPolicy(to)) return [];
    return [{ instance, configured: to, policy: to, adapted: [], refused: null, nextSlotUtc, isFirst }];
  });
  const others = known.schedules.filter(({ instance }) => !turned.has(instance.id));
  const isChanged = turns.some(({ instance, to }) => {
    const was = before.get(instance.id)?.configured;
    return isPolicy(to) ? !same(to, was) : was !== undefined;
  });
  return { made, others, isChanged: known.isChanged || isChanged };
}

/** By the decision that the engine takes when the turns are made. In steps, as that is. */
export function* quotaAhead(turns: readonly PolicyTurn[], scene: Scene, by: By): Generator<void, QuotaAhead> {
  const { seen, known, nowUtc } = scene;
  const { made, others, isChanged } = schedulesAfter(turns, scene);
  const schedules = [...others, ...made];
  const input = outlookInput({ ...known, schedules, isChanged }, seen, by, nowUtc);
  const sample = projectSample(input);
  const found = yield* outlookSteps({ ...input, scheduled: sample });
  const changes = schedules.flatMap((one) => changeBy(found, one, nowUtc) ?? []);
  return { input, sample, found, changes: new Map(changes.map((change) => [change.instanceId, change])) };
}

/** Turns as the quota lets them be: adapted; who is refused keeps his policy, and his slots are skipped. */
export const withinQuota = (turns: readonly PolicyTurn[], { changes }: QuotaAhead): readonly PolicyTurn[] =>
  turns.map((turn) => {
    const change = changes.get(turn.instance.id);
    if (!change || !isPolicy(turn.to)) return turn;
    return { ...turn, to: change.policy, nextSlotUtc: change.nextSlotUtc ?? turn.nextSlotUtc };
  });

/** Others of the project whose policies are adapted, or are not any more, by what the turns take of the quota. */
export function othersWithin(
  turns: readonly PolicyTurn[],
  projectId: string,
  { changes }: QuotaAhead,
  { known }: Scene,
): readonly OtherTurn[] {
  const turned = new Set(turns.map(({ instance }) => instance.id));
  return known.schedules.flatMap(({ instance: { id }, policy }): readonly OtherTurn[] => {
    const change = changes.get(id);
    const instance: Pick<Instance, 'id' | 'projectId'> = { id, projectId };
    if (!change || turned.has(id) || same(change.policy, policy)) return [];
    return [{ instance, to: change.policy, pausedUntilUtc: null, isOther: true }];
  });
}
