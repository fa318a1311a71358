const GAP = "  ";

/** Rows under their headings, columns aligned; what a terminal would take for a command is shown as a mark. */
export function table(headings: string[], rows: string[][]): string[] {
  const cells = [headings, ...rows].map((row) => row.map((cell) => cell.replace(/\p{C}/gu, "\u{FFFD}")));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => width(row[column]))));
  return cells.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join(GAP)
      .trimEnd(),
  );
}

/** An instant as tables show it, in UTC: 2026-03-01 12:00. */
export function minute(iso: string | null): string {
  return iso === null ? "never" : iso.slice(0, 16).replace("T", " ");
}

/** "1 session", "2 sessions". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function width(cell = ""): number {
  return [...cell].length;
}
