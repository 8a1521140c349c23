import type { Overrides, Policy, ProjectPolicy, Reason, TenantMay } from '../../lib/core/index.ts';
import type { Foresight, LintRow } from './schedules.ts';

/** A policy as a project's members see it. */
export interface ShownPolicy {
  readonly id: string;
  readonly name: string;
  readonly select: ProjectPolicy['select'];
  /** Of the project that go by it. */
  readonly instances: number;
  readonly lint: readonly LintRow[];
  readonly of:
    | { readonly layer: 'operator'; readonly policy: Policy; readonly tenantMay: TenantMay }
    | {
        readonly layer: 'project';
        readonly projectId: string;
        readonly overrides: Overrides;
        /** Another with each change. */
        readonly revision: number;
      };
}

export interface PolicyChange {
  readonly projectId: string;
  /** null: a new one. */
  readonly id: string | null;
  /** The revision that it is a change of; 0 of a new one. */
  readonly of: number;
  readonly name: string;
  readonly select: ProjectPolicy['select'];
  readonly overrides: Overrides;
}

export type PolicyRefusal =
  /** The project has no policy with that id. */
  | { readonly kind: 'absent' }
  /** It is of the operator's configuration, which alone changes it. */
  | { readonly kind: 'read-only'; readonly name: string }
  | { readonly kind: 'moved' | 'name-taken' | 'too-many' }
  /** It is out of the bounds of what it would lie over, for this instance or the operator's policy of that name. */
  | { readonly kind: 'refused'; readonly because: Reason; readonly over: string };

/** What a project's members say for several of their instances at once. */
export interface PoliciesPort {
  /** The operator's that its instances go by, or could; then its own, in the order of their names. */
  list(projectId: string): Promise<readonly ShownPolicy[]>;
  show(projectId: string, id: string): Promise<ShownPolicy | PolicyRefusal>;
  /** Durable and in effect when it resolves. @throws InvalidInput */
  save(change: PolicyChange): Promise<ShownPolicy | PolicyRefusal>;
  /** Its instances go by what lies below. */
  remove(
    of: Pick<PolicyChange, 'projectId' | 'of'> & { readonly id: string },
  ): Promise<PolicyRefusal | { readonly kind: 'removed' }>;
  /**
   * Changes nothing; what would be refused is in the lint. `instanceId`: whose slots to tell, else the first that it
   * selects. @throws InvalidInput, CloudUnavailable
   */
  preview(change: PolicyChange, instanceId: string | null, signal: AbortSignal): Promise<Foresight | PolicyRefusal>;
}
