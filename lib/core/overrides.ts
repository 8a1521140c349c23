import type { Window } from './cadence.ts';
import { DAY_MS } from './civil.ts';
import { InvalidInput } from './errors.ts';
import { duration } from './explain/format.ts';
import { matches } from './glob.ts';
import { checkKeep, type Keep } from './keep.ts';
import type { DurationMs, Instance } from './model.ts';
import { checkZone } from './zone.ts';

/** What a policy says that its users may say otherwise. */
export const OVERRIDABLE = ['every', 'window', 'zone', 'keep'] as const;
export type Overridable = (typeof OVERRIDABLE)[number];

/** One slot a local day or week, or one each so many milliseconds. */
export type Every = 'day' | 'week' | DurationMs;

/** Values in the place of a policy's; what is left out stays as the layer below has it. */
export interface Overrides {
  readonly every?: Every;
  readonly window?: Window;
  /** An IANA name. */
  readonly zone?: string;
  readonly keep?: Keep;
}

/** What a project says of one of its instances. */
export interface InstanceOverrides {
  /** False: its tenant opted out of backups for it. */
  readonly enabled: boolean;
  readonly overrides: Overrides;
}

/** Overrides of a project for those of its instances that it selects: each list that is not empty must match. */
export interface ProjectPolicy {
  readonly id: string;
  readonly name: string;
  /** Names are globs. */
  readonly select: { readonly names: readonly string[]; readonly datastores: readonly string[] };
  readonly overrides: Overrides;
}

const MOST_EVERY: DurationMs = 366 * DAY_MS;
const KEEP_RULES = ['withinMs', 'last', 'daily', 'weekly', 'monthly', 'yearly'] as const;

function checkEvery(every: Every): void {
  if (every === 'day' || every === 'week') return;
  if (Number.isInteger(every / 1_000) && every > 0 && every <= MOST_EVERY) return;
  const most = duration(MOST_EVERY);
  throw new InvalidInput(`every: ${every} ms is no interval; give day, week, or whole seconds up to ${most}`);
}

/** In one order, since policies are compared by their text. */
const inOrder = (keep: Keep): Keep =>
  Object.fromEntries(KEEP_RULES.flatMap((rule) => (keep[rule] === undefined ? [] : [[rule, keep[rule]]]))) as Keep;

/**
 * Overrides that mean something, whatever policy they are laid upon.
 * @throws InvalidInput
 */
export function checkOverrides({ every, window, zone, keep }: Overrides): Overrides {
  if (every !== undefined) checkEvery(every);
  if (window && window.startMinute === window.endMinute) {
    throw new InvalidInput('window: it has no length; for a whole day write 00:00-23:59');
  }
  if (keep) {
    try {
      checkKeep(keep);
    } catch (error) {
      throw error instanceof InvalidInput ? new InvalidInput(`keep: ${error.message}`) : error;
    }
  }
  return {
    ...(every === undefined ? {} : { every }),
    ...(window && { window: { startMinute: window.startMinute, endMinute: window.endMinute } }),
    ...(zone === undefined ? {} : { zone: checkZone(zone) }),
    ...(keep && { keep: inOrder(keep) }),
  };
}

/** Which policy of a project applies to an instance: the first that selects it, in the order of their names. */
export function chooseProjectPolicy(
  instance: Pick<Instance, 'name' | 'datastore'>,
  policies: readonly ProjectPolicy[],
): ProjectPolicy | null {
  const { name, datastore } = instance;
  const found = policies.filter(
    ({ select: { names, datastores } }) =>
      (names.length === 0 || names.some((pattern) => matches(pattern, name))) &&
      (datastores.length === 0 || datastores.includes(datastore.type)),
  );
  return found.reduce<ProjectPolicy | null>((first, one) => (first && first.name <= one.name ? first : one), null);
}
