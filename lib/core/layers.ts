import {
  type BaseCadence,
  baseOf,
  beyondWindow,
  type Cadence,
  cadenceZone,
  type RuleCadence,
  type Window,
} from './cadence.ts';
import type { Keep } from './keep.ts';
import type { Instance } from './model.ts';
import {
  chooseProjectPolicy,
  type Every,
  type InstanceOverrides,
  OVERRIDABLE,
  type Overridable,
  type Overrides,
  type ProjectPolicy,
} from './overrides.ts';
import type { Policy } from './policy.ts';
import { because, type DroppedReason, type Reason } from './reason.ts';
import { optOutForbidden, outOfBounds, TENANT_MAY, type TenantMay } from './tenant-may.ts';

/** Where a value is said. `policy` is the name of the operator's or the project's. */
export type Source =
  | { readonly layer: 'operator' | 'project'; readonly policy: string }
  | { readonly layer: 'instance' };
export type Sources = Readonly<Record<Overridable, Source>>;

/** What a project says of its own instances, besides the operator's policy. */
export interface Own {
  readonly policies: readonly ProjectPolicy[];
  /** Of the instance; null where nothing was ever said of it. */
  readonly overrides: InstanceOverrides | null;
}

/** Where nothing is said, every value comes from the operator's policy. */
export function operatorsAlone(policy: string): Sources {
  const source: Source = { layer: 'operator', policy };
  return { every: source, window: source, zone: source, keep: source };
}

/** What an instance goes by. */
export type Layered =
  | {
      readonly kind: 'policy';
      readonly policy: Policy;
      /** The project's that lies over the operator's. */
      readonly project: ProjectPolicy | null;
      readonly sources: Sources;
      /** The operator's bounds. */
      readonly tenantMay: TenantMay;
      /** Which policy of the project it is, and what was said that does not count, and why. */
      readonly because: readonly Reason[];
    }
  | { readonly kind: 'excluded'; readonly because: Reason };

/** A cadence by what of it can be said apart. */
type Times =
  | { readonly kind: 'rule'; readonly cadence: RuleCadence }
  | { readonly kind: 'every'; readonly every: Every; readonly zone?: string; readonly window?: Window };

/** 22:00–06:00, where a day or a week is said and no window is. */
export const NIGHT: Window = { startMinute: 22 * 60, endMinute: 6 * 60 };

function timesOf(cadence: BaseCadence): Times {
  if (cadence.kind === 'cron' || cadence.kind === 'rrule') return { kind: 'rule', cadence };
  if (cadence.kind === 'elapsed') return { kind: 'every', every: cadence.everyMs, ...cadence.within };
  const { unit, zone, window } = cadence;
  return { kind: 'every', every: unit, zone, window };
}

function cadenceOf(times: Times): BaseCadence {
  if (times.kind === 'rule') return times.cadence;
  const { every, zone = 'UTC', window } = times;
  if (every === 'day' || every === 'week') return { kind: 'calendar', unit: every, zone, window: window ?? NIGHT };
  return window ? { kind: 'elapsed', everyMs: every, within: { zone, window } } : { kind: 'elapsed', everyMs: every };
}

/** What is laid over what lies below, and what of it does not count. */
interface Laid {
  readonly times: Times;
  readonly keep: Keep | null;
  readonly sources: Sources;
  readonly dropped: readonly Reason[];
}

interface Layer {
  readonly source: Source;
  readonly overrides: Overrides;
}

type TimesKey = Exclude<Overridable, 'keep'>;
const TIMES = ['every', 'window', 'zone'] as const satisfies readonly TimesKey[];

/** Times with some of their values replaced, or why they cannot be: of a single one, or of all. */
function retimed(below: Times, over: Pick<Overrides, TimesKey>): Times | ReadonlyMap<TimesKey, DroppedReason> {
  const given = TIMES.filter((key) => over[key] !== undefined);
  const all = (by: DroppedReason): ReadonlyMap<TimesKey, DroppedReason> => new Map(given.map((key) => [key, by]));
  const isRule = below.kind === 'rule';
  if (isRule && over.every === undefined) return all(because('override-of-rule', { form: below.cadence.kind }));
  const values = isRule ? { zone: cadenceZone(below.cadence) } : below;
  const times = { ...values, ...over, kind: 'every' } as Extract<Times, { kind: 'every' }>;
  const cadence = cadenceOf(times);
  if (over.zone !== undefined && cadence.kind === 'elapsed' && !cadence.within) {
    return new Map([['zone', because('override-zone-alone', {})]]);
  }
  const beyond = beyondWindow(cadence);
  return beyond ? all(because('override-beyond-window', beyond)) : times;
}

const pick = (overrides: Overrides, keys: readonly Overridable[]): Overrides =>
  Object.fromEntries(keys.flatMap((key) => (overrides[key] === undefined ? [] : [[key, overrides[key]]])));

function lay(below: Laid, { source, overrides }: Layer, base: Policy, may: TenantMay): Laid {
  const refused = new Map<Overridable, DroppedReason>();
  for (const key of OVERRIDABLE) {
    const by = outOfBounds(key, overrides, { may, policy: base.name });
    if (by) refused.set(key, by);
  }
  if (overrides.keep && below.keep === null) refused.set('keep', because('kept-without-rule', {}));
  const taken = (keys: readonly Overridable[]) =>
    pick(
      overrides,
      keys.filter((key) => !refused.has(key)),
    );
  let times = below.times;
  // What is refused of them may leave others that can be.
  for (let over = taken(TIMES); Object.keys(over).length > 0; over = taken(TIMES)) {
    const found = retimed(below.times, over);
    if ('kind' in found) {
      times = found;
      break;
    }
    for (const [key, by] of found) refused.set(key, by);
  }
  const counts = taken(OVERRIDABLE);
  const sources = Object.fromEntries(
    OVERRIDABLE.map((key) => [key, counts[key] === undefined ? below.sources[key] : source]),
  ) as Sources;
  const dropped = [...refused].map(([of, by]) => because('override-dropped', { of, source, by }));
  return { times, keep: counts.keep ?? below.keep, sources, dropped: [...below.dropped, ...dropped] };
}

/** A policy without its bounds: what a schedule goes by. */
function bare({ tenantMay: _, ...policy }: Policy): Policy {
  return policy;
}

function policyOf(base: Policy, { times, keep }: Laid): Policy {
  const { fullOn, catchUp, ...policy } = bare(base);
  const cadence: Cadence = cadenceOf(times);
  const { retention } = base;
  const isWeekly = cadence.kind === 'calendar' && cadence.unit === 'week';
  const isAroundTheClock = cadence.kind === 'elapsed' && !cadence.within;
  return {
    ...policy,
    cadence,
    ...(retention && keep && { retention: { ...retention, keep } }),
    // As a configuration says them: where they mean something.
    ...(fullOn === undefined || isWeekly ? {} : { fullOn }),
    ...(catchUp === undefined || isAroundTheClock ? {} : { catchUp }),
  };
}

/**
 * What an instance goes by: the operator's policy; over it its project's, the first in the order of names that selects it;
 * over that its own overrides. What is out of the operator's bounds, now that it is asked, does not count: the value of the
 * layer below is taken, and a reason says so. Nothing said gives exactly the operator's policy, without its bounds.
 */
export function layered(base: Policy, instance: Pick<Instance, 'name' | 'datastore'>, own: Own): Layered {
  const may = base.tenantMay ?? TENANT_MAY;
  const project = chooseProjectPolicy(instance, own.policies);
  const optsOut = own.overrides?.enabled === false;
  const forbidden = optsOut ? optOutForbidden({ may, policy: base.name }) : null;
  if (optsOut && !forbidden) return { kind: 'excluded', because: because('opted-out', {}) };
  const bottom: Laid = {
    times: timesOf(baseOf(base.cadence)),
    keep: base.retention?.keep ?? null,
    sources: operatorsAlone(base.name),
    dropped: forbidden ? [because('opt-out-dropped', { by: forbidden })] : [],
  };
  const layers: readonly Layer[] = [
    ...(project ? [{ source: { layer: 'project', policy: project.name }, overrides: project.overrides } as const] : []),
    ...(own.overrides ? [{ source: { layer: 'instance' }, overrides: own.overrides.overrides } as const] : []),
  ];
  const laid = layers.reduce((below, layer) => lay(below, layer, base, may), bottom);
  const isAsBelow = laid.times === bottom.times && laid.keep === bottom.keep;
  const selects = project ? [because('project-policy-selects', { policy: project.name })] : [];
  return {
    kind: 'policy',
    policy: isAsBelow ? bare(base) : policyOf(base, laid),
    project,
    sources: laid.sources,
    tenantMay: may,
    because: [...selects, ...laid.dropped],
  };
}

/** In which of its values an adapted policy is less than the configured one. */
export function adaptedValues(configured: Policy, adapted: Policy): readonly ('every' | 'keep' | 'maxIncrementals')[] {
  const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  return [
    ...(differs(configured.cadence, adapted.cadence) ? (['every'] as const) : []),
    ...(differs(configured.retention?.keep, adapted.retention?.keep) ? (['keep'] as const) : []),
    ...(configured.maxIncrementals === adapted.maxIncrementals ? [] : (['maxIncrementals'] as const)),
  ];
}
