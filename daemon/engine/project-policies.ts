import {
  because,
  checkOverrides,
  chooseProjectPolicy,
  type DroppedReason,
  type Instance,
  layered,
  OVERRIDABLE,
  type Policy,
  type ProjectPolicy,
  TENANT_MAY,
} from '../../lib/core/index.ts';
import type { PolicyCount, StoredPolicy } from '../ports/overrides.ts';
import type { PoliciesPort, PolicyChange, PolicyRefusal, ShownPolicy } from '../ports/policies.ts';
import type { LintRow } from '../ports/schedules.ts';
import { breathe } from './breathe.ts';
import { enrolBy } from './enrol.ts';
import type { PolicyTurn } from './preview-scene.ts';
import type { SchedulesDeps } from './schedules.ts';
import { tellSettled } from './settled.ts';
import { turnOf } from './turn.ts';

const OPERATORS = 'operator:';
/** Settled in one transaction, and looked at without a rest: slots and bus must not wait for a large project. */
const BATCH = 100;

interface Member {
  readonly instance: Instance;
  readonly base: Policy;
}

const operatorsId = (name: string): string => `${OPERATORS}${name}`;
const nothingSelected: LintRow = { level: 'warning', field: 'select', because: because('selects-nothing', {}) };

/** Those of the operator's policies that concern a project: which others there are, and for whom, is not its to know. */
const concerns = (policy: Policy, projectId: string, counts: readonly PolicyCount[]): boolean =>
  policy.select.projects.length === 0 ||
  policy.select.projects.includes(projectId) ||
  counts.some(({ name }) => name === policy.name);

const sum = (counts: readonly PolicyCount[]): number => counts.reduce((total, { instances }) => total + instances, 0);

function shownOperators(policy: Policy, counts: readonly PolicyCount[]): ShownPolicy {
  const { name, select } = policy;
  return {
    id: operatorsId(name),
    name,
    select: { names: select.names, datastores: select.datastores },
    instances: sum(counts.filter((count) => count.name === name)),
    lint: [],
    of: { layer: 'operator', policy, tenantMay: policy.tenantMay ?? TENANT_MAY },
  };
}

function shownOwn(policy: StoredPolicy, counts: readonly PolicyCount[]): ShownPolicy {
  const { id, name, select, overrides, projectId, revision } = policy;
  const instances = sum(counts.filter((count) => count.projectPolicy === id));
  const lint = instances === 0 ? [nothingSelected] : [];
  return { id, name, select, instances, lint, of: { layer: 'project', projectId, overrides, revision } };
}

/** What of a policy does not count where it lies over an operator's; the instance's own overrides left aside. */
export function droppedOf(policy: ProjectPolicy, { instance, base }: Member): readonly DroppedReason[] {
  const found = layered(base, instance, { policies: [policy], overrides: null });
  return found.kind === 'policy'
    ? found.because.flatMap((it) => (it.rule === 'override-dropped' ? [it.params.by] : []))
    : [];
}

export interface PolicyParts {
  /** Those of a project that have a schedule, as far as they are asked for. */
  readonly members: (projectId: string, asked?: (instance: Instance) => boolean) => Promise<readonly Member[]>;
  /** With the change in the place of what it changes. */
  readonly changed: (
    change: PolicyChange,
  ) => Promise<
    { readonly kind: 'changed'; readonly policy: StoredPolicy; readonly all: readonly StoredPolicy[] } | PolicyRefusal
  >;
}

export function createPolicyParts({ overrides, settings }: Pick<SchedulesDeps, 'overrides' | 'settings'>): PolicyParts {
  return {
    async members(projectId, asked = () => true) {
      const bases = new Map(settings().policies.map((policy) => [policy.name, policy]));
      const found: Member[] = [];
      for (let after = ''; ; ) {
        const page = await overrides.instances(projectId, after, BATCH);
        const last = page.at(-1);
        if (!last) return found;
        for (const { instance, policyName } of page) {
          const base = bases.get(policyName);
          if (base && asked(instance)) found.push({ instance, base });
        }
        after = last.instance.id;
        await breathe();
      }
    },
    async changed({ projectId, id, of, name, select, overrides: said }) {
      const own = await overrides.policies(projectId);
      const before = id === null ? null : own.find((policy) => policy.id === id);
      if (id?.startsWith(OPERATORS)) return { kind: 'read-only', name: id.slice(OPERATORS.length) };
      if (before === undefined) return { kind: 'absent' };
      if (before && before.revision !== of) return { kind: 'moved' };
      if (own.some((other) => other.name === name && other.id !== id)) return { kind: 'name-taken' };
      const policy = { id: id ?? '', projectId, name, select, overrides: checkOverrides(said), revision: of };
      return { kind: 'changed', policy, all: [...own.filter((other) => other.id !== id), policy] };
    },
  };
}

/** Policies of a project's own, for those of its instances that they select. */
export function createProjectPolicies(deps: SchedulesDeps): PoliciesPort {
  const { overrides, clock, log, guard, settings } = deps;
  const { members, changed } = createPolicyParts(deps);

  /** Why it may not be: it does not count for somebody whom it selects; where it selects nobody, for anybody. */
  async function refusal(policy: StoredPolicy, all: readonly StoredPolicy[]): Promise<PolicyRefusal | null> {
    const doubt = guard.doubt();
    if (doubt) return { kind: 'refused', because: doubt, over: policy.name };
    const taken = await members(policy.projectId, (instance) => chooseProjectPolicy(instance, all)?.id === policy.id);
    for (const [index, member] of taken.entries()) {
      const [reason] = droppedOf(policy, member);
      if (reason) return { kind: 'refused', because: reason, over: member.instance.name };
      if (index % BATCH === BATCH - 1) await breathe();
    }
    if (taken.length > 0 || OVERRIDABLE.every((key) => policy.overrides[key] === undefined)) return null;
    const anywhere = { ...policy, select: { names: [], datastores: [] } };
    const nobody = { name: '', datastore: { type: '', version: '' } } as Instance;
    const counts = await overrides.counts(policy.projectId);
    const bases = settings().policies.filter((base) => concerns(base, policy.projectId, counts));
    const dropped = bases.map((base) => ({ base, reasons: droppedOf(anywhere, { instance: nobody, base }) }));
    const [first] = dropped;
    if (!first?.reasons[0] || dropped.some(({ reasons }) => reasons.length === 0)) return null;
    return { kind: 'refused', because: first.reasons[0], over: first.base.name };
  }

  /** What was said takes effect on all of the project, some at a time. A kill in between is made up for by the next look. */
  async function settle(projectId: string): Promise<void> {
    const found = await members(projectId);
    for (let from = 0; from < found.length; from += BATCH) {
      const nowUtc = clock.nowUtc();
      const by = { ...settings(), storeBornUtc: deps.storeBornUtc() };
      const batch = found.slice(from, from + BATCH).map(({ instance, base }) => ({
        instanceId: instance.id,
        enrolment: enrolBy(base, instance, nowUtc, by),
      }));
      const names = new Map(found.map(({ instance, base }) => [instance.id, base.name]));
      for (const settled of await overrides.settle(batch, nowUtc)) {
        tellSettled(log, settled, names.get(settled.instance.id) ?? '');
      }
      await breathe();
    }
    deps.onChanged(projectId);
  }

  async function show(projectId: string, id: string): Promise<ShownPolicy | PolicyRefusal> {
    return (await list(projectId)).find((policy) => policy.id === id) ?? { kind: 'absent' };
  }
  async function list(projectId: string): Promise<readonly ShownPolicy[]> {
    const [own, counts] = [await overrides.policies(projectId), await overrides.counts(projectId)];
    const operators = settings().policies.filter((policy) => concerns(policy, projectId, counts));
    return [
      ...operators.map((policy) => shownOperators(policy, counts)),
      ...own.map((policy) => shownOwn(policy, counts)),
    ];
  }

  /** Of those that the operator did not leave out. */
  async function turnsOfBatch(
    batch: readonly Member[],
    policies: readonly StoredPolicy[],
  ): Promise<readonly PolicyTurn[]> {
    const nowUtc = clock.nowUtc();
    const by = { ...settings(), storeBornUtc: deps.storeBornUtc() };
    const states = await overrides.states(
      batch.map(({ instance }) => instance.id),
      nowUtc,
    );
    const bases = new Map(batch.map(({ instance, base }) => [instance.id, base]));
    return states.flatMap((state) => {
      const { instance, excludedBecause, own } = state;
      const base = bases.get(instance.id);
      if (!base || (excludedBecause && excludedBecause.rule !== 'opted-out')) return [];
      const said = own.overrides ?? { enabled: true, overrides: {} };
      return [turnOf({ ...state, own: { ...own, policies } }, base, { said }, nowUtc, by).turn];
    });
  }

  /** What it would make of those whom it selects, and of those whom it selected before. */
  async function turnsOf(policy: StoredPolicy, all: readonly StoredPolicy[]) {
    const was = await overrides.policies(policy.projectId);
    const isOf = (policies: readonly StoredPolicy[], instance: Instance): boolean =>
      chooseProjectPolicy(instance, policies)?.id === policy.id;
    const found = await members(policy.projectId, (instance) => isOf(all, instance) || isOf(was, instance));
    const lint = new Map<string, LintRow>();
    const turns: PolicyTurn[] = [];
    for (let from = 0; from < found.length; from += BATCH) {
      const batch = found.slice(from, from + BATCH);
      turns.push(...(await turnsOfBatch(batch, all)));
      for (const member of batch.filter(({ instance }) => isOf(all, instance))) {
        for (const reason of droppedOf(policy, member)) {
          lint.set(JSON.stringify(reason), { level: 'error', field: null, because: reason });
        }
      }
      await breathe();
    }
    return { turns, lint: found.length === 0 ? [nothingSelected] : [...lint.values()] };
  }

  return {
    list,
    show,
    async preview(change, instanceId, signal) {
      const found = await changed(change);
      if (found.kind !== 'changed') return found;
      const { turns, lint } = await turnsOf(found.policy, found.all);
      const foresight = await deps.preview.of(change.projectId, turns, instanceId, signal);
      return { ...foresight, lint: [...lint, ...foresight.lint] };
    },
    async save(change) {
      const found = await changed(change);
      if (found.kind !== 'changed') return found;
      const refused = await refusal(found.policy, found.all);
      if (refused) return refused;
      const saved = await overrides.savePolicy(found.policy, clock.nowUtc());
      if (typeof saved === 'string') return { kind: saved };
      const { id, name, projectId, select, overrides: said } = saved;
      log.info('project_policy.saved', { policy: id, project: projectId, name, select, overrides: said });
      await settle(projectId);
      return show(projectId, id);
    },
    async remove({ projectId, id, of }) {
      if (id.startsWith(OPERATORS)) return { kind: 'read-only', name: id.slice(OPERATORS.length) };
      const before = await overrides.policy(id);
      if (before?.projectId !== projectId) return { kind: 'absent' };
      if ((await overrides.removePolicy({ id, projectId, revision: of })) === 'moved') return { kind: 'moved' };
      log.info('project_policy.removed', { policy: id, project: projectId, name: before.name });
      await settle(projectId);
      return { kind: 'removed' };
    },
  };
}
