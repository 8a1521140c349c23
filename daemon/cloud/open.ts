import {
  createKeystone,
  createProjects,
  createTrove,
  createTrusts,
  type HttpOptions,
  type KeystoneOptions,
  type Scope,
  type Trove,
} from '../../lib/openstack/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { CloudPort } from '../ports/cloud.ts';
import { type Buckets, createBudget } from './budget.ts';
import { sparing } from './closed-projects.ts';
import { createCloud } from './index.ts';
import { type Tenants, tenantsByRole, tenantsByTrust } from './tenants.ts';
import { createTrustBook } from './trust-book.ts';

export interface OpenOptions {
  readonly keystone: KeystoneOptions;
  readonly http: Omit<HttpOptions, 'admit'>;
  /** Where this service is admin, for reading. */
  readonly home: Scope;
  readonly tenantScope: 'role' | 'trust';
  /** Of each project's rate limit. */
  readonly tenantApiShare: number;
  /** What was used of the shares before, where this cloud follows another. */
  readonly buckets?: Buckets | undefined;
  readonly clock: Clock;
  /** For one read, its retries and pages included. */
  readonly readDeadlineMs: number;
  /** More instances than that are not read in one list. */
  readonly mostAtOnce?: number | undefined;
}

/** The engine's cloud on a real or simulated region: clients, the way into the tenants' projects, and their budget. */
export function openCloud(options: OpenOptions): CloudPort {
  const { http, home, tenantScope, tenantApiShare: share, buckets, clock, readDeadlineMs, mostAtOnce } = options;
  const identity = { ...options.keystone, ...http };
  const call = { deadlineMs: readDeadlineMs };
  const keystone = createKeystone(identity);
  const trusts = createTrusts(keystone, identity);
  const book = createTrustBook({ list: () => trusts.received(home, call), clock });
  const trustee = async () => (await keystone.token({ scope: home, ...call })).userId;
  const tenantsOf = (trove: Trove): Tenants =>
    tenantScope === 'role' ? tenantsByRole(trove) : tenantsByTrust(trove, book, trustee);

  // What is read as admin is charged to our own project, and the question for a limit cannot wait for its answer.
  const unmetered = createTrove(keystone, http);
  const asked = tenantsOf(unmetered);
  const never = new AbortController().signal;
  const readLimits = (projectId: string) => asked.within(projectId, never, (project) => project.limits(call));
  const budget = createBudget({ share, readLimits, clock, buckets });
  const admit: HttpOptions['admit'] = ({ projectId = '', method }, signal) => budget(projectId, method, signal);

  const cloud = createCloud({
    projects: createProjects(keystone, identity),
    region: unmetered.region(home),
    tenants: tenantsOf(createTrove(keystone, { ...http, admit })),
    home,
    readDeadlineMs,
    mostAtOnce,
  });
  return sparing(cloud, () => clock.monotonicMs());
}
