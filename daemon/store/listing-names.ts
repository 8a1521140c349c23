import type { Database } from 'better-sqlite3';

/** By an index on it beside the project. */
const INDEXES = { datastore: 'listing_datastores', policy: 'listing_policies' } as const;

/**
 * What there is of it among the instances of a project that exist, in its order: from one to the next by the index, so that
 * it costs as much as there are different ones, however many instances have them.
 */
export function namesStore(db: Database, column: keyof typeof INDEXES): (projectId: string) => readonly string[] {
  const next = db
    .prepare<[{ projectId: string; after: string }], string | null>(
      `SELECT min(${column}) FROM listing INDEXED BY ${INDEXES[column]}
       WHERE project_id = @projectId AND is_gone = 0 AND ${column} > @after`,
    )
    .pluck();
  return (projectId) => {
    const names: string[] = [];
    for (let name = next.get({ projectId, after: '' }); name; name = next.get({ projectId, after: name })) {
      names.push(name);
    }
    return names;
  };
}
