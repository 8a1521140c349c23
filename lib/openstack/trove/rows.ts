import { z } from 'zod';
import { parseUtc } from '../time.ts';
import type { OddRow } from '../types.ts';
import { fieldName } from '../validate.ts';

/** A row that cannot be read, with its place among the others: pages are held together by it as by any. */
export class OddEntry {
  readonly id: string;
  /** Where it cannot be read, that of the row beside it. */
  readonly updatedUtc: number;
  readonly isTimeless: boolean;
  readonly row: OddRow;

  constructor(id: string, time: Pick<OddEntry, 'updatedUtc' | 'isTimeless'>, row: OddRow) {
    this.id = id;
    this.updatedUtc = time.updatedUtc;
    this.isTimeless = time.isTimeless;
    this.row = row;
  }
}

export type OnOddRow = ((row: OddRow) => void) | undefined;

/** The rows of a list: all of them or none, or each by itself where `loose`. `key` is what the list is called in the body. */
export function rowsOf<S extends z.ZodType>(
  key: string,
  schema: S,
  loose: boolean,
): z.ZodType<readonly (z.output<S> | OddEntry)[]> {
  if (!loose) return z.array(schema);
  return z.array(z.unknown()).transform((rows) =>
    rows.map((raw, index) => {
      const result = schema.safeParse(raw);
      if (result.success) return result.data;
      const [issue] = result.error.issues;
      const field = fieldName([key, index, ...(issue?.path ?? [])]);
      return oddEntry(raw, timeOf(rows, index), { field, problem: issue?.message ?? 'is not valid' });
    }),
  );
}

/** The same rows without the odd ones, which are told. */
export function regular<T>(rows: readonly (T | OddEntry)[], onOddRow: OnOddRow): readonly T[] {
  return rows.filter((row): row is T => {
    if (!(row instanceof OddEntry)) return true;
    onOddRow?.(row.row);
    return false;
  });
}

/** One without an id has its whole text for one: no two reads of it differ. */
function oddEntry(
  raw: unknown,
  time: Pick<OddEntry, 'updatedUtc' | 'isTimeless'>,
  wrong: Pick<OddRow, 'field' | 'problem'>,
): OddEntry {
  const { id, tenant_id, project_id = tenant_id, instance_id, parent_id } = fieldsOf(raw);
  const row: OddRow = {
    ...wrong,
    ...(typeof id === 'string' && { id }),
    ...(typeof project_id === 'string' && { projectId: project_id }),
    ...(isReference(instance_id) && { instanceId: instance_id }),
    ...(isReference(parent_id) && { parentId: parent_id }),
  };
  return new OddEntry(row.id ?? `odd ${JSON.stringify(raw)}`, time, row);
}

const fieldsOf = (raw: unknown): Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null ? { ...raw } : {};

/** Its own time, that of a row before it, or of one behind it. */
function timeOf(rows: readonly unknown[], index: number): Pick<OddEntry, 'updatedUtc' | 'isTimeless'> {
  const isTimeless = updatedUtcOf(rows[index]) === undefined;
  for (const row of [...rows.slice(0, index + 1).toReversed(), ...rows.slice(index + 1)]) {
    const updatedUtc = updatedUtcOf(row);
    if (updatedUtc !== undefined) return { updatedUtc, isTimeless };
  }
  return { updatedUtc: 0, isTimeless };
}

function updatedUtcOf(raw: unknown): number | undefined {
  const { updated } = fieldsOf(raw);
  return typeof updated === 'string' ? parseUtc(updated) : undefined;
}

const isReference = (value: unknown): value is string | null => typeof value === 'string' || value === null;
