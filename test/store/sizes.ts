import Database from 'better-sqlite3';

/** How many rows each table of a store has, without those of instances that exist, and of the times the service stood still. */
export function sizesOf(path: string): ReadonlyMap<string, number> {
  const db = new Database(path, { readonly: true });
  const tables = db
    .prepare<[], { name: string; ofInstances: 0 | 1 }>(
      `SELECT name, EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'instance_id') AS ofInstances
       FROM sqlite_schema m WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all();
  const living = 'SELECT instance_id FROM instances WHERE gone_utc IS NULL';
  const count = (table: string, where: string): number =>
    db.prepare<[], number>(`SELECT count(*) FROM ${table} ${where}`).pluck().get() ?? 0;
  const sizes = new Map(
    tables.map(({ name, ofInstances }) => [
      name,
      count(name, ofInstances ? `WHERE instance_id <> '' AND instance_id NOT IN (${living})` : ''),
    ]),
  );
  db.close();
  return sizes;
}

/** The tables that name an instance in some row. */
export function tablesNaming(path: string, instanceId: string): readonly string[] {
  const db = new Database(path, { readonly: true });
  const tables = db
    .prepare<[], string>(
      "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'instance_id'",
    )
    .pluck()
    .all();
  const names = (table: string) => db.prepare<[string]>(`SELECT 1 FROM ${table} WHERE instance_id = ?`).get(instanceId);
  const found = tables.filter((table) => names(table) !== undefined);
  db.close();
  return found.toSorted();
}
