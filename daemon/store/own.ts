import type { Database } from 'better-sqlite3';
import type { Instance, InstanceOverrides, Overrides, Own, ProjectPolicy } from '../../lib/core/index.ts';

export interface PolicyRow {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly selects: string;
  readonly said: string;
  readonly revision: number;
}

export const toProjectPolicy = ({ id, name, selects, said }: PolicyRow): ProjectPolicy => ({
  id,
  name,
  select: JSON.parse(selects) as ProjectPolicy['select'],
  overrides: JSON.parse(said) as Overrides,
});

export const POLICY_COLUMNS = 'policy_id AS id, project_id AS projectId, name, selects, said, revision';

/** What is said of one instance, and how often that has changed. */
export interface SaidOf {
  readonly overrides: InstanceOverrides | null;
  readonly revision: number;
}

export function saidStore(db: Database): (instanceId: string) => SaidOf {
  const read = db.prepare<[string], { enabled: 0 | 1; said: string; revision: number }>(
    'SELECT enabled, said, revision FROM overrides WHERE instance_id = ?',
  );
  return (instanceId) => {
    const row = read.get(instanceId);
    if (!row) return { overrides: null, revision: 0 };
    const { enabled, said, revision } = row;
    return { overrides: { enabled: enabled === 1, overrides: JSON.parse(said) as Overrides }, revision };
  };
}

/** What a project says of an instance of its. For one transaction: a project's policies are read once. */
export type ReadOwn = (instance: Pick<Instance, 'id' | 'projectId'>) => Own;

export function ownStore(db: Database): () => ReadOwn {
  const saidOf = saidStore(db);
  const policies = db.prepare<[string], PolicyRow>(
    `SELECT ${POLICY_COLUMNS} FROM project_policies WHERE project_id = ?`,
  );
  return () => {
    const known = new Map<string, readonly ProjectPolicy[]>();
    const policiesOf = (projectId: string): readonly ProjectPolicy[] => {
      const found = known.get(projectId) ?? policies.all(projectId).map(toProjectPolicy);
      known.set(projectId, found);
      return found;
    };
    return ({ id, projectId }) => ({ policies: policiesOf(projectId), overrides: saidOf(id).overrides });
  };
}
