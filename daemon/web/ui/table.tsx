import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the right. */
  readonly numeric?: boolean;
  /** On a card it stands beside the name, without its title. */
  readonly beside?: boolean;
  /** Short words, which are not broken. */
  readonly nowrap?: boolean;
  /** It needs no title to be understood. */
  readonly plain?: boolean;
}

const classOf = ({ numeric, beside, plain, nowrap }: Omit<Column<never>, 'cell'>): string | undefined =>
  [numeric && 'numeric', beside && 'beside', plain && 'plain', nowrap && 'nowrap'].filter(Boolean).join(' ') ||
  undefined;

interface TableProps<Row> {
  readonly caption: string;
  readonly captionHidden?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** On a narrow screen each row becomes a card, its cells with their titles. The first column names the row. */
export function Table<Row>({ caption, captionHidden, columns, rows, rowKey }: TableProps<Row>) {
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: as cards, its elements lose what they are
    // biome-ignore-start lint/a11y/noRedundantRoles: as cards, its elements lose what they are
    <table class="cards" role="table">
      <caption class={captionHidden ? 'unseen' : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ cell: _, ...column }) => (
            <th key={column.key} role="columnheader" scope="col" class={classOf(column)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map(({ key, title, cell, ...looks }, i) =>
              i === 0 ? (
                <th key={key} role="rowheader" scope="row">
                  {cell(row)}
                </th>
              ) : (
                <td key={key} role="cell" data-title={title} class={classOf({ key, title, ...looks })}>
                  <div>{cell(row)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: as cards, its elements lose what they are
    // biome-ignore-end lint/a11y/useSemanticElements: as cards, its elements lose what they are
  );
}
