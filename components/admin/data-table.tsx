import type { ReactNode } from "react";

export type Column<Row> = {
  title: string;
  show: (row: Row) => ReactNode;
  /** Left out where the window is narrow; the first column then says what matters most of it. */
  wideOnly?: boolean;
};

/** Rows with sensible columns on a phone; what is still too wide scrolls inside its frame, by keyboard too. */
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
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-surface"
    >
      <table className="w-full text-left text-small">
        <thead>
          <tr className="border-b border-line text-quiet">
            {columns.map(({ title, wideOnly }) => (
              <th key={title} scope="col" className={`px-4 py-3 font-medium ${narrowClass(wideOnly)}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.id} className="align-top">
              {columns.map(({ title, show, wideOnly }) => (
                <td key={title} className={`px-4 py-3 ${narrowClass(wideOnly)}`}>
                  {show(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function narrowClass(wideOnly: boolean | undefined): string {
  return wideOnly ? "max-lg:hidden" : "";
}
