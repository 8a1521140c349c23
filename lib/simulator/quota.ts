import { TroveFault } from './wire.ts';

export type Resource = 'instances' | 'ram' | 'backups' | 'volumes';
export type Deltas = Readonly<Partial<Record<Resource, number>>>;

/** One resource of one project, as Trove counts it. `limit` -1 is no limit. */
export interface Quota {
  readonly inUse: number;
  /** 0 as a rule; Trove's counters miss updates under concurrent writes, and then it may stay above or below. */
  readonly reserved: number;
  readonly limit: number;
}

/** What each project uses and may use. Trove: trove/quota/quota.py */
export class Quotas {
  readonly #defaults: Readonly<Record<Resource, Quota>>;
  readonly #projects = new Map<string, Map<Resource, Quota>>();

  constructor(maxBackups: number) {
    const unused = (limit: number): Quota => ({ inUse: 0, reserved: 0, limit });
    this.#defaults = {
      instances: unused(100_000),
      ram: unused(-1),
      backups: unused(maxBackups),
      volumes: unused(100_000),
    };
  }

  isResource(name: string): name is Resource {
    return name in this.#defaults;
  }

  of(projectId: string, resource: Resource): Quota {
    return this.#projects.get(projectId)?.get(resource) ?? this.#defaults[resource];
  }

  set(projectId: string, resource: Resource, change: Partial<Quota>): void {
    const quota = { ...this.of(projectId, resource), ...change };
    this.#projects.set(projectId, (this.#projects.get(projectId) ?? new Map()).set(resource, quota));
  }

  /** Books the deltas on the project, or throws a 413. Trove lets no count fall below zero, whoever gave what back. */
  take(projectId: string, deltas: Deltas): void {
    const changes = Object.entries(deltas) as readonly [Resource, number][];
    const over = changes
      .filter(([resource, delta]) => delta > 0 && this.#exceeds(projectId, resource, delta))
      .map(([resource]) => `'${resource}'`);
    if (over.length > 0) throw new TroveFault(413, `Quota exceeded for resources: [${over.sort().join(', ')}].`);
    this.count(projectId, deltas);
  }

  /** Books without asking for the limit. */
  count(projectId: string, deltas: Deltas): void {
    for (const [resource, delta] of Object.entries(deltas) as readonly [Resource, number][]) {
      this.set(projectId, resource, { inUse: Math.max(0, this.of(projectId, resource).inUse + delta) });
    }
  }

  #exceeds(projectId: string, resource: Resource, delta: number): boolean {
    const { inUse, reserved, limit } = this.of(projectId, resource);
    return limit >= 0 && inUse + reserved + delta > limit;
  }
}
