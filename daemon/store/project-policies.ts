import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Instance, Instant } from '../../lib/core/index.ts';
import type { OverridesPort, PolicyCount, StoredPolicy } from '../ports/overrides.ts';
import { POLICY_COLUMNS, type PolicyRow, toProjectPolicy } from './own.ts';

/** Of one project; each instance of it is held against all of them. */
const MOST = 100;

type Ports = Pick<OverridesPort, 'policies' | 'policy' | 'savePolicy' | 'removePolicy' | 'counts' | 'instances'>;

const toStored = (row: PolicyRow): StoredPolicy => ({
  ...toProjectPolicy(row),
  projectId: row.projectId,
  revision: row.revision,
});

type InstanceRow = Omit<Instance, 'datastore'> & {
  readonly type: string;
  readonly version: string;
  readonly policyName: string;
};

export function projectPoliciesStore(db: Database): Ports {
  const all = db.prepare<[string], PolicyRow>(
    `SELECT ${POLICY_COLUMNS} FROM project_policies WHERE project_id = ? ORDER BY name`,
  );
  const one = db.prepare<[string], PolicyRow>(`SELECT ${POLICY_COLUMNS} FROM project_policies WHERE policy_id = ?`);
  const named = db.prepare<[string, string], { id: string }>(
    'SELECT policy_id AS id FROM project_policies WHERE project_id = ? AND name = ?',
  );
  const save = db.prepare<[PolicyRow & { nowUtc: Instant }]>(
    `INSERT INTO project_policies (policy_id, project_id, name, selects, said, revision, changed_utc)
     VALUES (@id, @projectId, @name, @selects, @said, @revision, @nowUtc)
     ON CONFLICT (policy_id) DO UPDATE SET name = @name, selects = @selects, said = @said, revision = @revision,
       changed_utc = @nowUtc`,
  );
  const remove = db.prepare<[{ id: string; projectId: string; revision: number }]>(
    'DELETE FROM project_policies WHERE policy_id = @id AND project_id = @projectId AND revision = @revision',
  );
  const counts = db.prepare<[string], PolicyCount>(
    `SELECT policy_name AS name, project_policy AS projectPolicy, count(*) AS instances FROM schedules
     WHERE project_id = ? AND active = 1 GROUP BY policy_name, project_policy`,
  );
  const instances = db.prepare<[string, string, number], InstanceRow>(
    `SELECT i.instance_id AS id, i.project_id AS projectId, i.name, i.datastore_type AS type,
       i.datastore_version AS version, i.status, i.replica_of AS replicaOf, i.cluster_id AS clusterId,
       i.created_utc AS createdUtc, s.policy_name AS policyName
     FROM schedules s JOIN instances i ON i.instance_id = s.instance_id
     WHERE s.project_id = ? AND s.instance_id > ? AND i.gone_utc IS NULL ORDER BY s.instance_id LIMIT ?`,
  );

  const saveOne = db.transaction((policy: StoredPolicy, nowUtc: Instant) => {
    const { projectId, name, select, overrides, revision } = policy;
    const before = revision === 0 ? undefined : one.get(policy.id);
    if (revision > 0 && (before?.projectId !== projectId || before.revision !== revision)) return 'moved' as const;
    const id = before?.id ?? randomUUID();
    const other = named.get(projectId, name);
    if (other && other.id !== id) return 'name-taken' as const;
    if (!before && all.all(projectId).length >= MOST) return 'too-many' as const;
    const made = { ...policy, id, revision: revision + 1 };
    save.run({ ...made, selects: JSON.stringify(select), said: JSON.stringify(overrides), nowUtc });
    return made;
  });
  return {
    policies: async (projectId) => all.all(projectId).map(toStored),
    async policy(policyId) {
      const row = one.get(policyId);
      return row ? toStored(row) : null;
    },
    savePolicy: async (policy, nowUtc) => saveOne.immediate(policy, nowUtc),
    removePolicy: async (policy) => (remove.run(policy).changes > 0 ? 'removed' : 'moved'),
    counts: async (projectId) => counts.all(projectId),
    instances: async (projectId, after, limit) =>
      instances.all(projectId, after, limit).map(({ type, version, policyName, ...rest }) => ({
        instance: { ...rest, datastore: { type, version } },
        policyName,
      })),
  };
}
