import type { Cadence } from './cadence.ts';
import type { CatchUp } from './catch-up.ts';
import { InvalidInput } from './errors.ts';
import { matches } from './glob.ts';
import type { DurationMs, Instance } from './model.ts';
import { because, type Reason } from './reason.ts';
import type { Retention } from './retention.ts';
import type { TenantMay } from './tenant-may.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Which instances: each list that is not empty must match. Projects are ids or `name@domain`; names are globs. */
export interface Selector {
  readonly projects: readonly string[];
  readonly datastores: readonly string[];
  readonly names: readonly string[];
}

/** A named rule set; a schedule is a policy applied to one instance. */
export interface Policy {
  readonly name: string;
  readonly select: Selector;
  readonly cadence: Cadence;
  /** A chain older than this, by slots, is followed by a new full. */
  readonly fullEveryMs: DurationMs;
  /** Besides, the weekday that a new full begins on; `spread` is the instance's own, by hash. */
  readonly fullOn?: Weekday | 'spread';
  readonly maxIncrementals: number;
  /** A new instance's first backup comes within this, or within the interval if that is shorter. */
  readonly firstWithinMs: DurationMs;
  /** How a slot without a start is made up for; left out, in a window. */
  readonly catchUp?: CatchUp;
  /** Left out, nothing is ever deleted. */
  readonly retention?: Retention;
  /** What its users may change; left out, as `TENANT_MAY` says. What a schedule goes by has none. */
  readonly tenantMay?: TenantMay;
}

/** What an instance is matched by; `projectNames` are those of the `name@domain` in settings that are its project's. */
export type Selectable = Pick<Instance, 'projectId' | 'name' | 'datastore'> & {
  readonly projectNames: readonly string[];
};

export type PolicyChoice =
  | { readonly kind: 'policy'; readonly policy: Policy; readonly because: Reason }
  | { readonly kind: 'excluded'; readonly because: Reason };

const matchesProject = (patterns: readonly string[], it: Selectable): boolean =>
  patterns.some((pattern) => pattern === it.projectId || it.projectNames.includes(pattern));
const matchesDatastore = (types: readonly string[], it: Selectable): boolean => types.includes(it.datastore.type);
const matchingName = (patterns: readonly string[], it: Selectable): string | undefined =>
  patterns.find((pattern) => matches(pattern, it.name));

function selects(select: Selector, it: Selectable): boolean {
  return (
    (select.projects.length === 0 || matchesProject(select.projects, it)) &&
    (select.datastores.length === 0 || matchesDatastore(select.datastores, it)) &&
    (select.names.length === 0 || matchingName(select.names, it) !== undefined)
  );
}

function exclusion(instance: Instance, it: Selectable, exclude: Selector): Reason | null {
  if (instance.replicaOf !== null) return because('replica', { master: instance.replicaOf });
  if (instance.clusterId !== null) return because('cluster-member', { cluster: instance.clusterId });
  if (matchesProject(exclude.projects, it))
    return because('excluded-project', { project: it.projectNames[0] ?? it.projectId });
  if (matchesDatastore(exclude.datastores, it)) {
    return because('excluded-datastore', { datastore: it.datastore.type });
  }
  const pattern = matchingName(exclude.names, it);
  return pattern === undefined ? null : because('excluded-name', { name: it.name, pattern });
}

/** Which policy an instance gets: none for a replica, a cluster member or what is excluded; else the first match. */
export function choosePolicy(
  instance: Instance,
  projectNames: readonly string[],
  policies: readonly Policy[],
  exclude: Selector,
): PolicyChoice {
  const it: Selectable = { ...instance, projectNames };
  const excluded = exclusion(instance, it, exclude);
  if (excluded) return { kind: 'excluded', because: excluded };
  const policy = policies.find((candidate) => selects(candidate.select, it));
  if (!policy) return { kind: 'excluded', because: because('no-policy', {}) };
  return { kind: 'policy', policy, because: because('policy-selects', { policy: policy.name }) };
}

const isPlain = (pattern: string): boolean => !/[*?]/.test(pattern);
const covers = (earlier: readonly string[], later: readonly string[]): boolean =>
  earlier.length === 0 ||
  (later.length > 0 &&
    later.every((value) => earlier.some((it) => it === value || (isPlain(value) && matches(it, value)))));

/**
 * Refuses a list in which a policy can never apply because an earlier one takes all it selects.
 * @throws InvalidInput naming both.
 */
export function checkOrder(policies: readonly Policy[]): void {
  for (const [index, later] of policies.entries()) {
    const shadow = policies.slice(0, index).find(({ select }) => {
      const { projects, datastores, names } = later.select;
      return covers(select.projects, projects) && covers(select.datastores, datastores) && covers(select.names, names);
    });
    if (shadow) {
      throw new InvalidInput(
        `policy "${later.name}" can never apply: "${shadow.name}" before it selects everything it does; ` +
          `move "${later.name}" up or narrow "${shadow.name}"`,
      );
    }
  }
}
