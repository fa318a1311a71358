import type { ReactNode } from "react";

export type Column<Row> = {
  title: string;
  show: (row: Row) => ReactNode;
  /** Where rows are stacked its title stands before it, because it would not be clear alone. */
  named?: boolean;
  /** It may be long without a space, such as an address: it breaks anywhere and leaves the others their room. */
  long?: boolean;
  /** Its words stay on one line: a button. */
  whole?: boolean;
};

/** Rows of a table; where the window is narrow each is stacked, so that nothing is left out, cut or out of sight. */
export function DataTable<Row extends { id: string }>({
  label,
  columns,
  rows,
  empty,
}: {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  empty: string;
}) {
  if (rows.length === 0) {
    return <p className="rounded-xl border border-dashed border-line p-5 text-quiet">{empty}</p>;
  }
  // biome-ignore-start lint/a11y/noRedundantRoles: a stacked table is not a table any more to some browsers
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-surface"
    >
      <table role="table" className="w-full text-left text-small max-lg:block">
        <thead role="rowgroup" className="max-lg:sr-only">
          <tr role="row" className="border-b border-line text-quiet">
            {columns.map(({ title }) => (
              <th key={title} role="columnheader" scope="col" className="px-4 py-3 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="divide-y divide-line max-lg:block">
          {rows.map((row) => (
            <tr
              key={row.id}
              role="row"
              className="align-top max-lg:flex max-sm:flex-col sm:max-lg:flex-wrap max-lg:gap-x-6 max-lg:gap-y-1 max-lg:px-4 max-lg:py-3"
            >
              {columns.map((column) => (
                <td key={column.title} role="cell" data-title={column.title} className={cellClass(column)}>
                  {column.show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
  // biome-ignore-end lint/a11y/noRedundantRoles: a stacked table is not a table any more to some browsers
}

function cellClass<Row>({ named, long, whole }: Column<Row>): string {
  const title = "max-lg:before:text-quiet max-lg:before:content-[attr(data-title)_':_']";
  const cell =
    "break-words max-lg:min-w-0 max-lg:wrap-anywhere max-lg:empty:hidden lg:px-4 lg:py-3 lg:[&>time]:block lg:[&>time]:min-w-24";
  const narrow = "lg:min-w-40 lg:max-w-72 lg:wrap-anywhere";
  return [cell, named && title, long && narrow, whole && "lg:whitespace-nowrap"].filter(Boolean).join(" ");
}
